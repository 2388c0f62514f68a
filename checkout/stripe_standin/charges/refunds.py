"""Refunds: create, retrieve, update, cancel, list; ``refund_outcomes.py`` ends them.

Source: https://docs.stripe.com/api/refunds and /refunds.
"""

from typing import Any

from ..payment_methods import cards
from ..protocol import currencies, errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import charges, disputes, refund_outcomes

KIND = "refund"

CREATE = """
amount:int charge:str currency:str customer:str instructions_email:str
metadata:metadata~ origin:customer_balance payment_intent:str
reason:duplicate|fraudulent|requested_by_customer refund_application_fee:bool
reverse_transfer:bool
"""
UPDATE = "metadata:metadata~"
LIST = lists.PAGE + "charge:str created:range payment_intent:str "


def create(world: World, call: Call) -> Object:
    """Refund a charge, all that is left of it unless ``amount`` says less."""
    charge = refundable(world, call)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = call.get("amount", left)
    currencies.check_positive(amount, "amount")
    if amount > left:
        currency = charge["currency"]
        message = (
            f"Refund amount ({currencies.spoken(amount, currency)}) is greater than "
            f"unrefunded amount on charge ({currencies.spoken(left, currency)})"
        )
        raise errors.ApiError(400, message, saved=True, param="amount")
    return make(
        world,
        charge,
        amount,
        reason=call.get("reason"),
        notes=metadata.merge({}, call.get("metadata")),
        email=call.get("instructions_email"),
    )


def refundable(world: World, call: Call) -> Object:
    """The charge to refund. Raises ``ApiError`` when there is nothing to."""
    if ("charge" in call) == ("payment_intent" in call):
        if "charge" in call:
            raise errors.exclusive(["charge", "payment_intent"])
        message = "One of the following params should be provided: "
        raise errors.invalid(
            message + "`payment_intent` or `charge`.", code="parameter_missing"
        )
    if "charge" in call:
        charge = charges.find(world, call.params["charge"])
    else:
        charge = of_intent(world, call.params["payment_intent"])
    check(world, charge)
    return charge


def of_intent(world: World, id: str) -> Object:
    intent = world.store.get("payment_intent", id)
    if intent is None:
        raise errors.absent("payment_intent", id, "payment_intent")
    charge = world.store.find(intent["latest_charge"] or "")
    if charge is None or not charge["captured"]:
        message = f"This PaymentIntent ({id}) does not have a successful charge to "
        raise errors.ApiError(400, message + "refund.", saved=True)
    return charge


def check(world: World, charge: Object) -> None:
    if charge["refunded"]:
        message = f"Charge {charge['id']} has already been refunded."
        code = "charge_already_refunded"
        raise errors.ApiError(400, message, saved=True, code=code)
    if disputes.blocks_refund(world, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise errors.ApiError(400, message, saved=True, code="charge_disputed")
    if not charge["captured"] or charge["status"] != "succeeded":
        message = f"Charge {charge['id']} cannot be refunded: it was not captured."
        raise errors.ApiError(400, message, saved=True, code="charge_not_refundable")


def make(
    world: World,
    charge: Object,
    amount: int,
    *,
    reason: str | None = None,
    notes: dict[str, str] | None = None,
    email: str | None = None,
) -> Object:
    """Refund ``amount`` (minor units) of ``charge``, which must have that left."""
    card = cards.BY_TOKEN.get(charge["_card"] or "")
    behaviour = card.refund if card else ""
    refund = blank(world, charge) | {
        "amount": amount,
        "metadata": notes or {},
        "reason": reason,
        "status": "pending" if behaviour == "pending" else "succeeded",
    }
    if behaviour == "pending":
        refund["pending_reason"] = "processing"
    if email and card is None:
        refund |= instructions(world, email)
    world.store.put(refund)
    refund_outcomes.count(charge, amount)
    refund_outcomes.book(world, refund, charge)
    events.emit(world, "refund.created", refund)
    events.emit(world, "charge.refunded", charge)
    if behaviour:
        name = "settle_refund" if behaviour == "pending" else "fail_refund"
        world.after(world.pace.refund, name, refund)
    return refund


def blank(world: World, charge: Object) -> Object:
    nothing = (
        "balance_transaction failure_balance_transaction failure_reason "
        "instructions_email next_action pending_reason receipt_number "
        "source_transfer_reversal transfer_reversal customer_account description"
    )
    return {
        **dict.fromkeys(nothing.split()),
        "id": world.ids.make("re_3" if charge["id"].startswith("ch_") else "pyr_1"),
        "object": KIND,
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": destination(charge),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
    }


def destination(charge: Object) -> dict[str, Any]:
    details = charge["payment_method_details"] or {"type": "card"}
    if details["type"] != "card":
        return {"type": details["type"], details["type"]: {}}
    card = {
        "reference_status": "pending",
        "reference_type": "acquirer_reference_number",
        "type": "refund",
    }
    return {"type": "card", "card": card}


def instructions(world: World, email: str) -> dict[str, Any]:
    """The shopper has to say where to: an e-mail asks for it."""
    sent = {"email_sent_at": world.now(), "email_sent_to": email}
    shown = {"email_sent": sent, "expires_at": world.now() + 45 * 24 * 3600}
    action = {"display_details": shown, "type": "display_details"}
    return {
        "instructions_email": email,
        "next_action": action,
        "status": "requires_action",
    }


def find(world: World, id: str) -> Object:
    refund = world.store.get(KIND, id)
    if refund is None:
        raise errors.absent("refund", id, "refund")
    return refund


def retrieve(world: World, call: Call) -> Object:
    return find(world, call.id)


def update(world: World, call: Call) -> Object:
    refund = find(world, call.id)
    if "metadata" in call:
        previous = {"metadata": refund["metadata"]}
        refund["metadata"] = metadata.merge(refund["metadata"], call.params["metadata"])
        refund_outcomes.tell(world, refund, previous)
    return refund


def cancel(world: World, call: Call) -> Object:
    """Only while the shopper has not said where the money should go."""
    refund = find(world, call.id)
    if refund["status"] != "requires_action":
        message = (
            "Only refunds with a status of requires_action can be canceled; this one "
            f"is {refund['status']}."
        )
        raise errors.ApiError(400, message, saved=True)
    previous = {"status": refund["status"]}
    refund["status"] = "canceled"
    refund_outcomes.give_back(world, refund, "refund_failure")
    refund_outcomes.tell(world, refund, previous)
    return refund


def list_(world: World, call: Call) -> Object:
    found = [
        refund
        for refund in world.store.newest(KIND)
        if all(
            refund[name] == call.params[name]
            for name in ("charge", "payment_intent")
            if name in call
        )
    ]
    return lists.page(world, found, call)
