"""The line items of a Checkout Session, and their totals.

Source: https://docs.stripe.com/api/checkout/sessions/line_items.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ..protocol import currencies, errors, lists
from ..protocol.call import Call
from ..world.store import Object
from ..world.world import World
from . import products

KIND = "item"
MAX_LINES = 100

ADJUSTABLE = "adjustable_quantity{enabled:bool! maximum:int minimum:int} "
PRICE_DATA = f"price_data{{{products.PRICE_DATA} product:str {products.PRODUCT_DATA}}} "
# Names, amounts and images straight on the line went away on 2022-08-01.
OLD = (
    "name:str@2022-08-01 description:str@2022-08-01 amount:int@2022-08-01 "
    "currency:str@2022-08-01 images[]:str@2022-08-01 "
)
LINE = (
    ADJUSTABLE
    + PRICE_DATA
    + OLD
    + "metadata:metadata~ price:str quantity:int tax_rates[]:str~ dynamic_tax_rates:any"
)


def make(world: World, session_id: str, given: list[dict[str, Any]]) -> list[Object]:
    """The items for ``given`` lines, kept under the session.

    Raises ``ApiError`` 400 for lines without a price or quantity, and for
    lines of different currencies.
    """
    if len(given) > MAX_LINES:
        message = f"You can pass at most {MAX_LINES} line items."
        raise errors.invalid(message, "line_items")
    made = [
        item(world, session_id, line, f"line_items[{at}]")
        for at, line in enumerate(given)
    ]
    if len({one["currency"] for one in made}) > 1:
        message = "All line items must have the same currency."
        raise errors.invalid(message, "line_items")
    for one in made:
        world.store.put(one)
    return made


def item(world: World, session_id: str, line: dict[str, Any], where: str) -> Object:
    price = price_of(world, line, where)
    quantity = line.get("quantity")
    if quantity is None:
        message = f"Quantity is required. Add `quantity` to `{where}`"
        raise errors.invalid(message, f"{where}[quantity]", code="parameter_missing")
    if quantity < 1:
        currencies.check_positive(quantity, f"{where}[quantity]")
    product = world.store.by_id[price["product"]]
    exact = Decimal(price["unit_amount_decimal"]) * quantity
    amount = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return {
        "id": world.ids.make("li_1"),
        "object": KIND,
        "adjustable_quantity": line.get("adjustable_quantity"),
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": line.get("metadata") or {},
        "price": dict(price),
        "quantity": quantity,
        "_session": session_id,
    }


def price_of(world: World, line: dict[str, Any], where: str) -> Object:
    if "price" in line:
        return products.find(world, "price", line["price"], f"{where}[price]")
    if "price_data" in line:
        return inline(world, line["price_data"], f"{where}[price_data]")
    if "amount" in line and "name" in line:
        data = {"name": line["name"], "images": line.get("images", [])}
        product = products.make_product(world, data)
        amount = {"unit_amount": line["amount"], "currency": line.get("currency", "")}
        return products.make_price(world, product, amount)
    message = "You must specify either `price` or `price_data` when using prices."
    raise errors.invalid(message, f"{where}[price]", code="parameter_missing")


def inline(world: World, data: dict[str, Any], where: str) -> Object:
    if "product_data" in data:
        product = products.make_product(world, data["product_data"])
    elif "product" in data:
        product = products.find(world, "product", data["product"], f"{where}[product]")
    else:
        raise errors.missing(f"{where}[product_data]")
    if data.get("unit_amount", 0) < 0:
        currencies.check_positive(data["unit_amount"], f"{where}[unit_amount]")
    return products.make_price(world, product, data)


def of(world: World, session_id: str) -> list[Object]:
    """The session's items in the order they were given."""
    rows = [one for one in world.store.newest(KIND) if one["_session"] == session_id]
    return rows[::-1]


def clear(world: World, session_id: str) -> None:
    for one in of(world, session_id):
        world.store.remove(one)


def list_(world: World, call: Call) -> Object:
    """``GET /v1/checkout/sessions/{id}/line_items``, in the order given."""
    if world.store.get("checkout.session", call.id) is None:
        raise errors.absent("checkout.session", call.id, "session")
    rows = of(world, call.id)
    if "starting_after" in call:
        ids = [one["id"] for one in rows]
        after = call.params["starting_after"]
        rows = rows[ids.index(after) + 1 :] if after in ids else []
    size = lists.limit(call)
    return lists.listed(rows[:size], call.url, len(rows) > size)
