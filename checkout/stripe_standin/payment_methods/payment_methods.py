"""Payment methods: what a shopper pays with.

Source: https://docs.stripe.com/api/payment_methods. No number is ever kept:
a card is remembered by the name of its test card, an account by its result.
"""

from typing import Any

from ..protocol import errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import banks, cards, declines, type_details
from .cards import TestCard

KIND = "payment_method"

ADDRESS = "city:str~ country:str~ line1:str~ line2:str~ postal_code:str~ state:str~"
BILLING = (
    f"billing_details{{address~{{{ADDRESS}}} email:str~ name:str~ phone:str~ "
    "tax_id:str~} "
)
DATA = (
    BILLING
    + """
allow_redisplay:always|limited|unspecified metadata:metadata type:str!
card{cvc:str~ exp_month:int exp_year:int number:str token:str
 networks{preferred:cartes_bancaires|mastercard|visa}}
sepa_debit{iban:str!}
bacs_debit{account_number:str sort_code:str}
us_bank_account{account_holder_type:company|individual account_number:str
 account_type:checking|savings financial_connections_account:str routing_number:str}
ideal{bank:str} eps{bank:str} p24{bank:str} bancontact:any klarna:any
revolut_pay:any link:any radar_options:any
"""
)
CREATE = DATA.replace("type:str!", "type:str") + "customer:str payment_method:str "
UPDATE = (
    BILLING
    + """
allow_redisplay:always|limited|unspecified metadata:metadata~
card{exp_month:int exp_year:int networks{preferred:str~}}
"""
)
LIST = lists.PAGE + (
    "allow_redisplay:always|limited|unspecified customer:str customer_account:str "
    "type:str "
)
ATTACH = "customer:str! customer_account:str"

TOKENS = {
    "pm_sepaDebit_success_at": ("sepa_debit", "AT611904300234573201"),
    "pm_sepaDebit_fail_at": ("sepa_debit", "AT861904300235473202"),
    "pm_usBankAccount_success": ("us_bank_account", "000123456789"),
    "pm_bacsDebit_success": ("bacs_debit", "00012345"),
}


def create(world: World, call: Call) -> Object:
    if "type" not in call:
        raise errors.missing("type")
    return make(world, call.params)


def make(world: World, data: dict[str, Any], inside: str = "") -> Object:
    """A new method from checked parameters.

    Raises ``ApiError`` 402 for card details that Stripe's form would refuse
    and for every number that is not a documented test number.
    """
    type = data["type"]
    if type not in banks.SUPPORTED:
        where = type_details.within(inside, "type")
        raise errors.invalid(f"Invalid type: {type} is not available here.", where)
    details, notes = type_details.details(world, type, data, inside)
    method = blank(world, type) | {type: details} | notes
    method["billing_details"] = billing(data.get("billing_details"))
    method["metadata"] = metadata.merge({}, data.get("metadata", {}))
    method["allow_redisplay"] = data.get("allow_redisplay", "unspecified")
    return world.store.put(method)


def blank(world: World, type: str) -> Object:
    return {
        "id": world.ids.make("pm_1"),
        "object": KIND,
        "allow_redisplay": "unspecified",
        "billing_details": billing(None),
        "created": world.now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": type,
    }


def billing(given: dict[str, Any] | None) -> dict[str, Any]:
    given = given or {}
    parts = ("city", "country", "line1", "line2", "postal_code", "state")
    where = given.get("address") or {}
    named = {key: given.get(key) for key in ("email", "name", "phone", "tax_id")}
    return {"address": {part: where.get(part) for part in parts}} | named


def find(world: World, id: str, param: str = "payment_method") -> Object:
    """The method ``id``; a test token such as ``pm_card_visa`` makes a new one."""
    if method := world.store.get(KIND, id):
        return method
    if card := cards.by_token(id):
        return of_card(world, card)
    if id in TOKENS:
        type, number = TOKENS[id]
        field = "iban" if type == "sepa_debit" else "account_number"
        return make(world, {"type": type, type: {field: number}})
    raise errors.absent("PaymentMethod", id, param)


def of_card(world: World, card: TestCard) -> Object:
    method = blank(world, "card")
    year = 1970 + int(world.clock.now() // 31_556_952) + 1
    method["card"] = type_details.card_details(
        card, exp_month=8, exp_year=year, cvc=True
    )
    return world.store.put(method | {"_card": card.token, "_cvc": True})


def card_of(method: Object) -> TestCard | None:
    return cards.BY_TOKEN.get(method.get("_card", ""))


def retrieve(world: World, call: Call) -> Object:
    return find(world, call.id)


def update(world: World, call: Call) -> Object:
    method = find(world, call.id)
    if "billing_details" in call:
        given = call.params["billing_details"]
        merged = {**method["billing_details"], **given}
        merged["address"] = {**method["billing_details"]["address"]} | (
            given.get("address") or {}
        )
        method["billing_details"] = billing(merged)
    if "metadata" in call:
        method["metadata"] = metadata.merge(method["metadata"], call.params["metadata"])
    if "allow_redisplay" in call:
        method["allow_redisplay"] = call.params["allow_redisplay"]
    for field in ("exp_month", "exp_year"):
        if field in call.get("card", {}):
            method["card"][field] = call.params["card"][field]
    events.emit(world, "payment_method.updated", method)
    return method


def list_(world: World, call: Call) -> Object:
    owner = call.path.get("id") or call.get("customer")
    found = [
        method
        for method in world.store.newest(KIND)
        if owner is not None
        and method["customer"] == owner
        and method["type"] == call.get("type", method["type"])
    ]
    return lists.page(world, found, call)


def attach(world: World, call: Call) -> Object:
    method = find(world, call.id)
    if world.store.get("customer", call.params["customer"]) is None:
        raise errors.absent("customer", call.params["customer"], "customer")
    return attach_to(world, method, call.params["customer"])


def attach_to(world: World, method: Object, customer: str) -> Object:
    """Tie ``method`` to a customer. Repeating it changes nothing.

    Raises ``ApiError``: 400 when it belongs to another, 402 when it is a
    declining test card, which Stripe does not attach either.
    """
    if method["customer"] == customer:
        return method
    if method["customer"]:
        message = (
            "The payment method you provided has already been attached to a customer."
        )
        raise errors.ApiError(400, message, saved=True, param="payment_method")
    card = card_of(method)
    if card and not card.attachable and card.decline:
        raise declined(card)
    method["customer"] = customer
    events.emit(world, "payment_method.attached", method)
    return method


def declined(card: TestCard) -> errors.ApiError:
    assert card.decline is not None
    members = declines.members(card.decline)
    return errors.card(members.pop("message"), members.pop("code"), **members)


def detach(world: World, call: Call) -> Object:
    method = find(world, call.id)
    if method["customer"] is None:
        message = "The payment method you provided is not attached to a customer."
        raise errors.ApiError(400, message + " Detachment is impossible.", saved=True)
    previous = {"customer": method["customer"]}
    method["customer"] = None
    events.emit(world, "payment_method.detached", method, previous)
    return method
