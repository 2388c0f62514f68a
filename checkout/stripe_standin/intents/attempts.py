"""One attempt to pay an intent: succeed, decline, ask for more, or wait.

Source: https://docs.stripe.com/payments/paymentintents/lifecycle and the
event order of the test cards.
"""

from dataclasses import dataclass
from typing import Any

from ..charges import charges, disputes
from ..payment_methods import banks, declines, payment_methods
from ..payment_methods.cards import Decline, TestCard
from ..protocol import errors
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import next_actions, statuses

AUTHENTICATION_FAILED = (
    "We are unable to authenticate your payment method. Please choose a different "
    "payment method and try again."
)


@dataclass(slots=True)
class Attempt:
    """How the confirm call wants this attempt to be made."""

    intent: Object
    method: Object
    off_session: bool = False
    use_sdk: bool = False
    return_url: str | None = None
    error_on_action: bool = False


def start(world: World, attempt: Attempt) -> None:
    """Try to pay. Raises ``ApiError`` 402 on a decline, with all of it kept."""
    intent, method = attempt.intent, attempt.method
    next_actions.abandon(world, intent)
    intent["payment_method"] = method["id"]
    intent["last_payment_error"] = None
    intent["next_action"] = None
    intent["_type"] = method["type"]
    if method["type"] == "card":
        pay_by_card(world, attempt)
    elif method["type"] in banks.REDIRECT:
        action = next_actions.open_bank(world, intent, method, attempt.return_url)
        ask(world, attempt, action)
    else:
        process(world, intent, method)


def pay_by_card(world: World, attempt: Attempt) -> None:
    intent, method = attempt.intent, attempt.method
    card = payment_methods.card_of(method)
    assert card is not None
    if needs_challenge(attempt, card):
        if attempt.off_session:
            decline(world, intent, method, declines.AUTHENTICATION_REQUIRED)
        action = next_actions.open_challenge(
            world,
            intent,
            method,
            # Nowhere to come back to: only a script in the page can go on.
            use_sdk=attempt.use_sdk or not attempt.return_url,
            return_url=attempt.return_url,
        )
        ask(world, attempt, action)
        return
    if declines.applies(card, method):
        decline(world, intent, method, card.decline, blocked=card.blocked)
    succeed(world, intent, method, challenge=False)


def needs_challenge(attempt: Attempt, card: TestCard) -> bool:
    intent, method = attempt.intent, attempt.method
    if intent.get("_authenticated") == method["id"]:
        return False
    options = (intent["payment_method_options"] or {}).get("card", {})
    asked = options.get("request_three_d_secure") in {"any", "challenge"}
    if card.secure == "on_session":
        return not attempt.off_session
    if card.secure == "unless_saved":
        return not (attempt.off_session and method.get("_set_up"))
    if card.secure == "optional":
        return asked and not attempt.off_session
    return card.secure == "always"


def ask(world: World, attempt: Attempt, action: dict[str, Any]) -> None:
    """Wait for the shopper, unless the caller said not to."""
    intent = attempt.intent
    if attempt.error_on_action:
        next_actions.abandon(world, intent)
        intent["payment_method"] = None
        statuses.to(intent, "requires_payment_method")
        message = "This payment requires additional user action before it can complete."
        raise errors.card(message, "payment_intent_action_required") from None
    statuses.to(intent, "requires_action")
    intent["next_action"] = action
    events.emit(world, "payment_intent.requires_action", intent)


def succeed(world: World, intent: Object, method: Object, *, challenge: bool) -> Object:
    """The bank agreed: take the money, or hold it for a later capture."""
    charge = charges.make(world, intent, method)
    hold = holds(intent, method)
    charges.approve(world, charge, captured=not hold, challenge=challenge)
    intent["next_action"] = None
    keep_for_later(world, intent, method)
    if hold:
        statuses.to(intent, "requires_capture")
        intent["amount_capturable"] = intent["amount"]
        events.emit(world, "charge.succeeded", charge)
        events.emit(world, "payment_intent.amount_capturable_updated", intent)
        world.after(world.pace.hold, "expire_hold", intent)
    else:
        finish(world, intent, charge)
    return charge


def holds(intent: Object, method: Object) -> bool:
    options = (intent["payment_method_options"] or {}).get(method["type"], {})
    manual = "manual" in {intent["capture_method"], options.get("capture_method")}
    return manual and method["type"] in {"card", "klarna", "revolut_pay"}


def finish(world: World, intent: Object, charge: Object) -> None:
    """The money is here."""
    statuses.to(intent, "succeeded")
    intent["amount_received"] = charge["amount_captured"]
    charges.book(world, charge, now=intent["capture_method"] != "automatic_async")
    events.emit(world, "charge.succeeded", charge)
    events.emit(world, "payment_intent.succeeded", intent)
    disputes.follow(world, charge)


def keep_for_later(world: World, intent: Object, method: Object) -> None:
    if intent["setup_future_usage"] and intent["customer"]:
        payment_methods.attach_to(world, method, intent["customer"])
        method["_set_up"] = True


def process(world: World, intent: Object, method: Object) -> None:
    """A bank debit: the answer comes days later, here after a few seconds."""
    account = banks.ACCOUNTS[method["_account"]]
    charges.make(world, intent, method)
    charge = world.store.by_id[intent["latest_charge"]]
    charge["_account"] = account.number
    statuses.to(intent, "processing")
    events.emit(world, "charge.pending", charge)
    events.emit(world, "payment_intent.processing", intent)
    if account.result != "stays":
        pace = world.pace.slow_bank_debit if account.slow else world.pace.bank_debit
        world.after(pace, "settle_debit", intent)


def decline(
    world: World,
    intent: Object,
    method: Object,
    why: Decline | None,
    *,
    blocked: bool = False,
) -> None:
    """Fail the attempt with a charge that failed, and raise the 402."""
    assert why is not None
    charge = charges.make(world, intent, method)
    charges.decline(world, charge, why, blocked=blocked)
    members = declines.members(why)
    fail(world, intent, method, {"type": "card_error"} | members, charge)
    message, code = members.pop("message"), members.pop("code")
    raise errors.card(
        message,
        code,
        charge=charge["id"],
        payment_method=method,
        payment_intent=intent,
        **members,
    )


def fail(
    world: World,
    intent: Object,
    method: Object,
    error: dict[str, Any],
    charge: Object | None = None,
) -> None:
    """Back to the start, with the reason in ``last_payment_error``."""
    statuses.to(intent, "requires_payment_method")
    intent["next_action"] = None
    intent["payment_method"] = None
    intent["last_payment_error"] = error | {"payment_method": dict(method)}
    if code := error.get("code"):
        doc_url = errors.DOCS + code.replace("_", "-")
        intent["last_payment_error"]["doc_url"] = doc_url
    if charge is not None:
        intent["last_payment_error"]["charge"] = charge["id"]
    events.emit(world, "payment_intent.payment_failed", intent)


def authenticated(world: World, intent: Object, method: Object) -> None:
    """The shopper passed the challenge, or the bank's page.

    Raises ``ApiError`` 402 for a card that declines after it.
    """
    intent["next_action"] = None
    if intent["confirmation_method"] == "manual" and method["type"] == "card":
        intent["_authenticated"] = method["id"]
        statuses.to(intent, "requires_confirmation")
        return
    card = payment_methods.card_of(method)
    if card and (card.after or declines.applies(card, method)):
        decline(world, intent, method, card.after or card.decline)
    succeed(world, intent, method, challenge=card is not None)


def rejected(world: World, intent: Object, method: Object) -> None:
    """The shopper failed or left the challenge, or refused at the bank."""
    error = {
        "type": "invalid_request_error",
        "code": "payment_intent_authentication_failure",
        "message": AUTHENTICATION_FAILED,
    }
    if method["type"] != "card":
        error["message"] = (
            "The customer declined the payment on the page of their bank. "
            "Please choose a different payment method and try again."
        )
    fail(world, intent, method, error)
