"""Products and prices, as far as Checkout needs them.

Source: https://docs.stripe.com/api/products and /api/prices.
"""

from decimal import Decimal
from typing import Any

from ..protocol import currencies, errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World

TAX_BEHAVIOR = "tax_behavior:exclusive|inclusive|unspecified "
AMOUNT = "unit_amount:int unit_amount_decimal:dec "
TAX_DETAILS = "tax_code:str~ tax_details:any~ "
PRICE_DATA = f"currency:str! metadata:metadata recurring:any {TAX_BEHAVIOR} {AMOUNT} "
PRODUCT_SHARED = (
    "active:bool description:str~ images[]:str~ marketing_features[]~{name:str!} "
    "metadata:metadata~ package_dimensions:any~ shippable:bool "
    "statement_descriptor:str unit_label:str~ url:str~ " + TAX_DETAILS
)
PRODUCT_CREATE = (
    PRODUCT_SHARED
    + f"id:str name:str! type:good|service default_price_data{{{PRICE_DATA} "
    + "currency_options:any custom_unit_amount:any} "
)
PRODUCT_UPDATE = PRODUCT_SHARED + "default_price:str name:str "
PRODUCT_LIST = lists.PAGE + (
    "active:bool created:range ids[]:str shippable:bool type:good|service url:str "
)
PRODUCT_DATA = (
    "product_data{active:bool description:str id:str images[]:str metadata:metadata "
    f"name:str! statement_descriptor:str unit_label:str {TAX_DETAILS}}} "
)
PRICE_SHARED = (
    f"active:bool currency_options:any~ lookup_key:str metadata:metadata~ "
    f"nickname:str {TAX_BEHAVIOR} transfer_lookup_key:bool "
)
PRICE_CREATE = (
    PRICE_SHARED
    + PRODUCT_DATA
    + AMOUNT
    + "billing_scheme:per_unit|tiered currency:str! custom_unit_amount:any product:str "
    "recurring:any tiers[]:any tiers_mode:graduated|volume transform_quantity:any "
)
PRICE_UPDATE = PRICE_SHARED
PRICE_LIST = lists.PAGE + (
    "active:bool created:range currency:str lookup_keys[]:str product:str "
    "recurring:any type:one_time|recurring "
)


def create_product(world: World, call: Call) -> Object:
    if world.store.find(call.get("id", "")):
        message = f"Product already exists: {call.params['id']}"
        raise errors.invalid(message, "id", code="resource_already_exists")
    product = make_product(world, call.params)
    if "default_price_data" in call:
        price = make_price(world, product, call.params["default_price_data"])
        product["default_price"] = price["id"]
    events.emit(world, "product.created", product)
    return product


def make_product(world: World, data: dict[str, Any]) -> Object:
    product = {
        "id": data.get("id") or world.ids.make("prod_", 14),
        "object": "product",
        "active": True,
        "created": world.now(),
        "default_price": None,
        "description": None,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
        "name": data["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "type": data.get("type", "service"),
        "unit_label": None,
        "updated": world.now(),
        "url": None,
    }
    write_product(product, data)
    return world.store.put(product)


def write_product(product: Object, data: dict[str, Any]) -> None:
    named = (
        "active default_price description images marketing_features name shippable "
        "statement_descriptor tax_code unit_label url"
    )
    for name in named.split():
        if name in data:
            product[name] = data[name]
    product["images"] = product["images"] or []
    product["marketing_features"] = product["marketing_features"] or []
    if "metadata" in data:
        product["metadata"] = metadata.merge(product["metadata"], data["metadata"])


def make_price(world: World, product: Object, data: dict[str, Any]) -> Object:
    """A price of ``product``. Raises ``ApiError`` without a unit amount."""
    amounts = unit_amounts(data)
    recurring = data.get("recurring")
    return world.store.put(
        {
            "id": world.ids.make("price_1"),
            "object": "price",
            "active": data.get("active", True),
            "billing_scheme": "per_unit",
            "created": world.now(),
            "currency": currencies.read(data["currency"]),
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": data.get("lookup_key"),
            "metadata": metadata.merge({}, data.get("metadata", {})),
            "nickname": data.get("nickname"),
            "product": product["id"],
            "recurring": recurring and rhythm(recurring),
            "tax_behavior": data.get("tax_behavior", "unspecified"),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "recurring" if recurring else "one_time",
            **amounts,
        }
    )


def unit_amounts(data: dict[str, Any]) -> Object:
    """The price of one, in the currency's smallest unit: whole, and exact as text.

    The whole one is ``None`` where the exact one has a fraction. Raises
    ``ApiError`` when neither is given.
    """
    if "unit_amount" not in data and "unit_amount_decimal" not in data:
        raise errors.missing("unit_amount")
    exact = Decimal(data.get("unit_amount_decimal") or data["unit_amount"])
    whole = int(exact) if exact == exact.to_integral_value() else None
    return {"unit_amount": whole, "unit_amount_decimal": format(exact, "f")}


def rhythm(given: dict[str, Any]) -> Object:
    return {
        "interval": given.get("interval", "month"),
        "interval_count": int(given.get("interval_count", 1)),
        "meter": None,
        "trial_period_days": None,
        "usage_type": given.get("usage_type", "licensed"),
    }


def find(world: World, kind: str, id: str, param: str = "id") -> Object:
    item = world.store.get(kind, id)
    if item is None:
        raise errors.absent(kind, id, param)
    return item


def retrieve_product(world: World, call: Call) -> Object:
    return find(world, "product", call.id)


def retrieve_price(world: World, call: Call) -> Object:
    return find(world, "price", call.id, "price")


def update_product(world: World, call: Call) -> Object:
    product = find(world, "product", call.id)
    previous = {name: product[name] for name in call.params if name in product}
    write_product(product, call.params)
    product["updated"] = world.now()
    events.emit(world, "product.updated", product, previous)
    return product


def delete_product(world: World, call: Call) -> Object:
    product = find(world, "product", call.id)
    if any(p["product"] == product["id"] for p in world.store.newest("price")):
        message = "This product cannot be deleted because it has one or more prices."
        raise errors.ApiError(400, message, saved=True)
    world.store.remove(product)
    events.emit(world, "product.deleted", product)
    return {"id": product["id"], "object": "product", "deleted": True}


def create_price(world: World, call: Call) -> Object:
    if ("product" in call) == ("product_data" in call):
        if "product" in call:
            raise errors.exclusive(["product", "product_data"])
        raise errors.missing("product")
    if "product" in call:
        product = find(world, "product", call.params["product"], "product")
    else:
        product = make_product(world, call.params["product_data"])
    price = make_price(world, product, call.params)
    events.emit(world, "price.created", price)
    return price


def update_price(world: World, call: Call) -> Object:
    price = find(world, "price", call.id, "price")
    for name in ("active", "lookup_key", "nickname", "tax_behavior"):
        if name in call:
            price[name] = call.params[name]
    if "metadata" in call:
        price["metadata"] = metadata.merge(price["metadata"], call.params["metadata"])
    events.emit(world, "price.updated", price)
    return price


def list_products(world: World, call: Call) -> Object:
    found = [
        product
        for product in world.store.newest("product")
        if product["active"] == call.get("active", product["active"])
        and product["id"] in call.get("ids", [product["id"]])
    ]
    return lists.page(world, found, call)


def list_prices(world: World, call: Call) -> Object:
    names = ("active", "currency", "product", "type")
    found = [
        price
        for price in world.store.newest("price")
        if all(price[name] == call.params[name] for name in names if name in call)
        and price["lookup_key"] in call.get("lookup_keys", [price["lookup_key"]])
    ]
    return lists.page(world, found, call)
