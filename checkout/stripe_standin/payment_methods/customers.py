"""Customers: create, retrieve, update, delete, list.

Source: https://docs.stripe.com/api/customers.
"""

from typing import Any

from ..protocol import errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import card_sources, payment_methods

KIND = "customer"

SHIPPING = (
    f"shipping~{{address!{{{payment_methods.ADDRESS}}} name:str! phone:str~ "
    "carrier:str~ tracking_number:str~} "
)
SHARED = (
    f"address~{{{payment_methods.ADDRESS}}} {SHIPPING}"
    + """
balance:int business_name:str~ cash_balance:any description:str~ email:str~
individual_name:str~ invoice_prefix:str invoice_settings:any metadata:metadata~
name:str~ next_invoice_sequence:int phone:str~ preferred_locales[]:str source:str
tax:any tax_exempt:exempt|none|reverse~ validate:bool
"""
)
CREATE = SHARED + "payment_method:str tax_id_data[]:any test_clock:str "
UPDATE = SHARED + "default_source:str "
LIST = lists.PAGE + "created:range email:str test_clock:str "

PLAIN = (
    "balance business_name description email individual_name name phone "
    "preferred_locales tax_exempt"
).split()


def create(world: World, call: Call) -> Object:
    """Raises ``ApiError`` 402 for a card that cannot be kept: then nobody is made."""
    customer = blank(world)
    write(customer, call)
    world.store.put(customer)
    try:
        keep_card(world, customer, call)
    except errors.ApiError:
        world.store.remove(customer)
        raise
    events.emit(world, "customer.created", customer)
    return customer


def keep_card(world: World, customer: Object, call: Call) -> None:
    if "payment_method" in call:
        method = payment_methods.find(world, call.params["payment_method"])
        payment_methods.attach_to(world, method, customer["id"])
    if "source" in call:
        card_sources.replace_default(world, customer, call.params["source"])


def blank(world: World) -> Object:
    nothing = (
        "address business_name currency customer_account default_source description "
        "discount email individual_name name phone shipping test_clock"
    )
    return {
        **dict.fromkeys(nothing.split()),
        "id": world.ids.make("cus_", 14),
        "object": KIND,
        "balance": 0,
        "created": world.now(),
        "delinquent": False,
        "invoice_prefix": world.ids.token(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    }


def write(customer: Object, call: Call) -> None:
    email = call.get("email")
    if email and ("@" not in email.strip("@") or " " in email):
        message = f"Invalid email address: {email}"
        raise errors.invalid(message, "email", code="email_invalid")
    for name in PLAIN:
        if name in call:
            customer[name] = call.params[name]
    parts = ("city", "country", "line1", "line2", "postal_code", "state")
    if "address" in call:
        address = call.params["address"]
        customer["address"] = address and {part: address.get(part) for part in parts}
    if "shipping" in call:
        customer["shipping"] = shipping(call.params["shipping"], parts)
    if "metadata" in call:
        notes = metadata.merge(customer["metadata"], call.params["metadata"])
        customer["metadata"] = notes
    default = call.get("invoice_settings", {}).get("default_payment_method")
    if default:
        customer["invoice_settings"]["default_payment_method"] = default


def shipping(given: dict[str, Any] | None, parts: tuple[str, ...]) -> Object | None:
    if given is None:
        return None
    address = {part: given["address"].get(part) for part in parts}
    return {"address": address, "name": given["name"], "phone": given.get("phone")}


def find(world: World, id: str) -> Object:
    customer = world.store.get(KIND, id)
    if customer is None:
        raise errors.absent("customer", id)
    return customer


def gone(customer: Object) -> Object:
    return {"id": customer["id"], "object": KIND, "deleted": True}


def retrieve(world: World, call: Call) -> Object:
    customer = find(world, call.id)
    return gone(customer) if customer.get("_deleted") else customer


def update(world: World, call: Call) -> Object:
    customer = find(world, call.id)
    if customer.get("_deleted"):
        raise errors.absent("customer", call.id)
    previous = {name: customer[name] for name in call.params if name in customer}
    write(customer, call)
    keep_card(world, customer, call)
    events.emit(world, "customer.updated", customer, previous)
    return customer


def delete(world: World, call: Call) -> Object:
    """For good. Its payment methods are let go."""
    customer = find(world, call.id)
    if customer.get("_deleted"):
        raise errors.absent("customer", call.id)
    for method in world.store.newest(payment_methods.KIND):
        if method["customer"] == customer["id"]:
            method["customer"] = None
    for card in card_sources.of(world, customer["id"]):
        world.store.remove(card)
    customer["_deleted"] = True
    events.emit(world, "customer.deleted", customer)
    return gone(customer)


def list_(world: World, call: Call) -> Object:
    found = [
        customer
        for customer in world.store.newest(KIND)
        if not customer.get("_deleted")
        and customer["email"] == call.get("email", customer["email"])
    ]
    return lists.page(world, found, call)
