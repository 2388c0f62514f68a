"""Payment intents: create, retrieve, update, list.

Source: https://docs.stripe.com/api/payment_intents.
"""

from typing import Any

from ..protocol import currencies, errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import payment_method_types, statuses
from .client_secrets import check_secret

KIND = "payment_intent"

# Changing these starts the payment over; the others stay editable for good.
PAYMENT_FIELDS = frozenset(
    "amount currency payment_method payment_method_data capture_method customer "
    "setup_future_usage payment_method_options payment_method_types "
    "allowed_payment_method_types excluded_payment_method_types".split()
)
PLAIN_FIELDS = (
    "application_fee_amount capture_method customer customer_account description "
    "on_behalf_of receipt_email setup_future_usage shipping "
    "statement_descriptor statement_descriptor_suffix transfer_group "
    "allowed_payment_method_types excluded_payment_method_types"
).split()
# Fields of newer features, only shown once they were given.
RARE_FIELDS = ("hooks", "payment_details")


def blank(world: World, call: Call) -> Object:
    nothing = (
        "application canceled_at cancellation_reason last_payment_error latest_charge "
        "next_action payment_method processing review source transfer_data "
        "presentment_details "
    )
    id = world.ids.make("pi_3")
    old = call.version.before("2024-04-10")
    return {
        **dict.fromkeys([*nothing.split(), *PLAIN_FIELDS]),
        "id": id,
        "object": KIND,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        # https://docs.stripe.com/changelog 2024-04-10: captured asynchronously.
        "capture_method": "automatic" if old else "automatic_async",
        "client_secret": f"{id}_secret_{world.ids.token(25)}",
        "confirmation_method": call.get("confirmation_method", "automatic"),
        "created": world.now(),
        "livemode": False,
        "metadata": {},
        "status": "requires_payment_method",
    }


def build(world: World, call: Call) -> Object:
    """A new intent from the parameters of ``create``, not yet kept.

    Raises ``ApiError`` 400 for amounts and currencies Stripe does not take.
    """
    currency = currencies.read(call.params["currency"])
    currencies.check_charge(call.params["amount"], currency)
    check_references(world, call)
    intent = blank(world, call)
    intent |= {"amount": call.params["amount"], "currency": currency}
    write_plain(intent, call)
    intent["metadata"] = metadata.merge({}, call.get("metadata"))
    payment_method_types.settle(intent, call)
    remember_side(intent, call)
    return intent


def write_plain(intent: Object, call: Call) -> None:
    for name in PLAIN_FIELDS:
        if name in call:
            intent[name] = call.params[name]
    for name in RARE_FIELDS:
        if name in call:
            intent[name] = call.params[name]
    if call.get("shipping"):
        intent["shipping"] = shipping(call.params["shipping"])
    if "amount_details" in call:
        intent["amount_details"] = {"tip": {}}


def shipping(given: dict[str, Any]) -> dict[str, Any]:
    parts = ("city", "country", "line1", "line2", "postal_code", "state")
    address = {part: given["address"].get(part) for part in parts}
    others = {name: given.get(name) for name in ("carrier", "phone", "tracking_number")}
    return {"address": address, "name": given["name"]} | others


def check_references(world: World, call: Call) -> None:
    customer = call.get("customer")
    found = world.store.get("customer", customer) if customer else None
    if customer and (found is None or found.get("_deleted")):
        message = f"No such customer: '{customer}'"
        raise errors.invalid(message, "customer", code="resource_missing")
    email = call.get("receipt_email")
    if email and ("@" not in email.strip("@") or " " in email):
        raise errors.invalid(
            f"Invalid email address: {email}", "receipt_email", code="email_invalid"
        )


def remember_side(intent: Object, call: Call) -> None:
    """Which fields the secret key has set: the browser may not change those."""
    own = intent.setdefault("_own", [])
    for name in ("shipping", "receipt_email", "setup_future_usage"):
        if not call.key.publishable and call.get(name):
            own.append(name)


def find(world: World, id: str, param: str = "intent") -> Object:
    intent = world.store.get(KIND, id)
    if intent is None:
        raise errors.absent("payment_intent", id, param)
    return intent


def retrieve(world: World, call: Call) -> Object:
    intent = find(world, call.id)
    check_secret(intent, call)
    return intent


def update(world: World, call: Call) -> Object:
    """Change an intent that is still open; notes stay editable afterwards.

    Clears ``last_payment_error``. Money that is under way is never changed:
    400 ``payment_intent_unexpected_state`` with the intent attached.
    """
    intent = find(world, call.id)
    if PAYMENT_FIELDS & set(call.params):
        statuses.require(intent, "update")
    currency = intent["currency"]
    if "currency" in call:
        currency = currencies.read(call.params["currency"])
    amount = call.get("amount", intent["amount"])
    currencies.check_charge(amount, currency)
    check_references(world, call)
    notes = intent["metadata"]
    if "metadata" in call:
        notes = metadata.merge(notes, call.params["metadata"])
    write_plain(intent, call)
    intent |= {"amount": amount, "currency": currency, "metadata": notes}
    if payment_method_types.TOUCHED & set(call.params):
        payment_method_types.settle(intent, call)
    remember_side(intent, call)
    if intent["status"] in statuses.OPEN:
        intent["last_payment_error"] = None
    return intent


def list_(world: World, call: Call) -> Object:
    found = [
        intent
        for intent in world.store.newest(KIND)
        if intent["customer"] == call.get("customer", intent["customer"])
    ]
    return lists.page(world, found, call)


def created(world: World, intent: Object) -> None:
    world.store.put(intent)
    events.emit(world, "payment_intent.created", intent)
