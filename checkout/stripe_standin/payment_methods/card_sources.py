"""Cards of a customer as they were kept before payment methods.

Such a card is a payment method too, under the same id, so that both ways of
charging it work. Source: https://docs.stripe.com/api/cards.
"""

from ..protocol import errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import payment_methods, tokens

KIND = "card"

CREATE = "source:str! metadata:metadata validate:bool "
LIST = lists.PAGE + "object:bank_account|card "
UPDATE = (
    "exp_month:int exp_year:int metadata:metadata~ name:str~ address_city:str~ "
    "address_country:str~ address_line1:str~ address_line2:str~ address_state:str~ "
    "address_zip:str~ "
)
PLAIN = tuple(
    "exp_month exp_year name address_city address_country address_line1 "
    "address_line2 address_state address_zip".split()
)


def add(world: World, customer: Object, token: str) -> Object:
    """Keep the card of ``token``. The first one is the customer's default.

    Raises ``ApiError``: 400 for a token that is unknown or used, 402 for a
    declining test card.
    """
    method = payment_methods.make(
        world, {"type": "card", "card": {"token": token}}, "source"
    )
    world.store.remove(method)
    method["id"] = world.ids.make("card_1")
    payment_methods.attach_to(world, world.store.put(method), customer["id"])
    card = tokens.card(world, method["card"], payer(world, token))
    card |= {"id": method["id"], "customer": customer["id"]}
    world.store.put(card)
    customer["default_source"] = customer["default_source"] or card["id"]
    events.emit(world, "customer.source.created", card)
    return card


def payer(world: World, token: str) -> Object:
    """Whose card it is, as the token had it."""
    known = world.store.get(tokens.KIND, token)
    return known["card"] if known else {}


def replace_default(world: World, customer: Object, token: str) -> None:
    """``source`` on a customer: a new default card, and the old one goes."""
    old = customer["default_source"]
    customer["default_source"] = None
    try:
        add(world, customer, token)
    except errors.ApiError:
        customer["default_source"] = old
        raise
    if old:
        drop(world, customer, find(world, customer["id"], old))


def find(world: World, owner: str, id: str) -> Object:
    card = world.store.get(KIND, id)
    if card is None or card["customer"] != owner:
        raise errors.absent("source", id)
    return card


def living(world: World, call: Call) -> Object:
    customer = world.store.get("customer", call.id)
    if customer is None or customer.get("_deleted"):
        raise errors.absent("customer", call.id)
    return customer


def create(world: World, call: Call) -> Object:
    card = add(world, living(world, call), call.params["source"])
    card["metadata"] = metadata.merge({}, call.get("metadata"))
    return card


def retrieve(world: World, call: Call) -> Object:
    return find(world, call.id, call.path["card"])


def update(world: World, call: Call) -> Object:
    card = find(world, call.id, call.path["card"])
    card |= {name: call.params[name] for name in PLAIN if name in call}
    if "metadata" in call:
        card["metadata"] = metadata.merge(card["metadata"], call.params["metadata"])
    events.emit(world, "customer.source.updated", card)
    return card


def delete(world: World, call: Call) -> Object:
    customer = living(world, call)
    return drop(world, customer, find(world, call.id, call.path["card"]))


def drop(world: World, customer: Object, card: Object) -> Object:
    """Let a card go; the newest that is left becomes the default."""
    method = world.store.get(payment_methods.KIND, card["id"])
    world.store.remove(card)
    if method:
        method["customer"] = None
        world.store.put(method)
    if customer["default_source"] == card["id"]:
        left = of(world, customer["id"])
        customer["default_source"] = left[0]["id"] if left else None
    events.emit(world, "customer.source.deleted", card)
    return {"id": card["id"], "object": KIND, "deleted": True}


def of(world: World, owner: str) -> list[Object]:
    return [card for card in world.store.newest(KIND) if card["customer"] == owner]


def list_(world: World, call: Call) -> Object:
    """No bank accounts are kept here, so asking for those gives none."""
    owner = living(world, call)["id"]
    found = of(world, owner) if call.get("object", KIND) == KIND else []
    return lists.page(world, found, call)
