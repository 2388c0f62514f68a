"""Bank debits: the bank accepts or refuses one that is processing."""

from ..charges import charges, disputes
from ..payment_methods import banks
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import attempts, statuses

FAILURES = {
    "insufficient_funds": "The customer's bank account has insufficient funds.",
    "account_closed": "The customer's bank account has been closed.",
    "charge_exceeds_source_limit": (
        "The payment exceeds the limit that is allowed for this bank account."
    ),
    "charge_exceeds_weekly_limit": (
        "The payment exceeds the weekly limit for this bank account."
    ),
    "debit_not_authorized": "The customer did not authorize this debit.",
}
FAILED = "The payment was refused by the customer's bank."


def settle(world: World, intent: Object) -> None:
    """Do what the test account is known for. Changes nothing when it is done."""
    if intent["status"] != "processing":
        return
    charge = world.store.by_id[intent["latest_charge"]]
    account = banks.ACCOUNTS[charge["_account"]]
    if account.result == "fails":
        fail(world, intent, account.failure)
    else:
        complete(world, intent)


def complete(world: World, intent: Object) -> None:
    """The money arrived. Raises ``ValueError`` unless it was on its way."""
    charge = world.store.by_id[intent["latest_charge"]]
    statuses.to(intent, "succeeded")
    charges.approve(world, charge, captured=True, challenge=False)
    intent["amount_received"] = charge["amount_captured"]
    charges.book(world, charge, now=True)
    events.emit(world, "charge.succeeded", charge)
    events.emit(world, "payment_intent.succeeded", intent)
    disputes.follow(world, charge)


def fail(world: World, intent: Object, failure: str = "") -> None:
    """The bank refused. Raises ``ValueError`` unless it was on its way."""
    if intent["status"] != "processing":
        raise ValueError(f"{intent['id']} is {intent['status']}, not processing")
    charge = world.store.by_id[intent["latest_charge"]]
    method = world.store.by_id[intent["payment_method"]]
    message = FAILURES.get(failure, FAILED)
    charge["status"] = "failed"
    charge["failure_code"] = failure or "generic_decline"
    charge["failure_message"] = message
    events.emit(world, "charge.failed", charge)
    error = {
        "type": "card_error",
        "code": "payment_intent_payment_attempt_failed",
        "decline_code": failure or "generic_decline",
        "message": message,
    }
    attempts.fail(world, intent, method, error, charge)
