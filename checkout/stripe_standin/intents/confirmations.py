"""Confirming a payment intent, at once with its creation or later.

Source: https://docs.stripe.com/api/payment_intents/confirm.
"""

from typing import Any

from ..payment_methods import confirmation_tokens, payment_methods
from ..protocol import errors
from ..protocol.call import Call
from ..world.store import Object, whole
from ..world.world import World
from . import (
    attempts,
    client_secrets,
    payment_intents,
    payment_method_types,
    return_urls,
    statuses,
)
from .attempts import Attempt

ONLY_WITH_CONFIRM = (
    "off_session",
    "error_on_requires_action",
    "mandate",
    "mandate_data",
    "return_url",
)


def create(world: World, call: Call) -> Object:
    """Make an intent and, with ``confirm``, try to pay it at once."""
    confirm = call.get("confirm", False)
    check_confirm_only(call, confirm)
    intent = payment_intents.build(world, call)
    if confirm:
        return_urls.check(world, intent, call)
    method = chosen(world, intent, call)
    if confirm and method is None:
        raise no_method(intent, call)
    if method is not None:
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"
    payment_intents.created(world, intent)
    if confirm and method is not None:
        attempts.start(world, attempt(intent, method, call))
    return intent


def check_confirm_only(call: Call, confirm: bool) -> None:
    for name in ONLY_WITH_CONFIRM:
        if name in call and not confirm:
            message = (
                f"The parameter `{name}` cannot be passed when creating a "
                "PaymentIntent unless `confirm` is set to true."
            )
            raise errors.invalid(message, name)


def update(world: World, call: Call) -> Object:
    """As :func:`intents.update`, and another method if one is given."""
    found = payment_intents.find(world, call.id)
    if payment_intents.PAYMENT_FIELDS & set(call.params):
        statuses.require(found, "update")
    with whole(found):
        intent = payment_intents.update(world, call)
        method = chosen(world, intent, call)
        if method is not None:
            intent["payment_method"] = method["id"]
            intent["next_action"] = None
            statuses.to(intent, "requires_confirmation")
    return intent


def confirm(world: World, call: Call) -> Object:
    """Try to pay. Raises ``ApiError`` 402 on a decline."""
    intent = payment_intents.find(world, call.id)
    client_secrets.check_secret(intent, call)
    statuses.require(intent, "confirm")
    return_urls.check(world, intent, call)
    check_amount(intent, call)
    check_own(intent, call)
    with whole(intent):
        method = prepare(world, intent, call)
    attempts.start(world, attempt(intent, method, call))
    return intent


def prepare(world: World, intent: Object, call: Call) -> Object:
    """Write what the call brings along, and find what to pay with."""
    payment_intents.write_plain(intent, call)
    if payment_method_types.TOUCHED & set(call.params):
        payment_method_types.settle(intent, call)
    method = chosen(world, intent, call)
    if method is None and intent["payment_method"]:
        method = payment_methods.find(world, intent["payment_method"])
    if method is None:
        raise no_method(intent, call)
    return method


def attempt(intent: Object, method: Object, call: Call) -> Attempt:
    return Attempt(
        intent,
        method,
        off_session=call.get("off_session", "false") != "false",
        use_sdk=call.get("use_stripe_sdk", False),
        return_url=call.get("return_url") or intent.get("_return_url"),
        error_on_action=call.get("error_on_requires_action", False),
    )


def check_amount(intent: Object, call: Call) -> None:
    expected = call.get("amount_to_confirm", intent["amount"])
    if expected != intent["amount"]:
        message = (
            f"The amount to confirm ({expected}) does not match the amount of this "
            f"PaymentIntent ({intent['amount']})."
        )
        raise errors.invalid(message, "amount_to_confirm")


def check_own(intent: Object, call: Call) -> None:
    """The browser may not overwrite what the secret key has set."""
    if not call.key.publishable:
        return
    for name in intent["_own"]:
        given = call.get(name)
        if name == "shipping" and given:
            given = payment_intents.shipping(given)
        if name in call and given != intent[name]:
            message = (
                f"You cannot change `{name}` with a publishable key, because it was "
                "set with a secret key."
            )
            raise errors.unexpected_state(message, intent)


def chosen(world: World, intent: Object, call: Call) -> Object | None:
    """The method this call brings along, checked against the intent."""
    method = given(world, intent, call)
    if method is None:
        return None
    if not payment_method_types.accepts(intent, method["type"]):
        message = (
            f"The PaymentMethod provided ({method['type']}) is not allowed for this "
            "PaymentIntent. Please attach a PaymentMethod of one of these types: "
            f"{', '.join(intent['payment_method_types'])}."
        )
        code = "payment_intent_incompatible_payment_method"
        raise errors.invalid(message, "payment_method", code=code)
    owner = method["customer"]
    if owner and owner != intent["customer"]:
        message = (
            "The provided PaymentMethod belongs to a customer; please pass that "
            "customer to use it."
        )
        raise errors.invalid(message, "payment_method")
    return method


def given(world: World, intent: Object, call: Call) -> Object | None:
    names = ("payment_method", "payment_method_data", "confirmation_token")
    passed = [name for name in names if call.get(name) is not None]
    if len(passed) > 1:
        raise errors.exclusive(passed)
    if "confirmation_token" in passed:
        return from_token(world, intent, call)
    if "payment_method_data" in passed:
        data = call.params["payment_method_data"]
        return payment_methods.make(world, data, "payment_method_data")
    if "payment_method" in passed:
        return payment_methods.find(world, call.params["payment_method"])
    return None


def from_token(world: World, intent: Object, call: Call) -> Object:
    used: dict[str, Any] = confirmation_tokens.use(world, call, intent)
    if used["return_url"]:
        intent["_return_url"] = used["return_url"]
    for name in ("shipping", "setup_future_usage"):
        if used[name] and not intent[name]:
            intent[name] = used[name]
    return payment_methods.find(world, used["_method"])


def no_method(intent: Object, call: Call) -> errors.ApiError:
    if call.url == "/v1/payment_intents":
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment "
            "method. You can either update the PaymentIntent with a payment method "
            "and then confirm it again, or confirm it again directly with a payment "
            "method or ConfirmationToken."
        )
        return errors.invalid(message, "payment_method")
    message = (
        "You cannot confirm this PaymentIntent because it's missing a payment method. "
        "To confirm the PaymentIntent, specify a payment method attached to this "
        "customer along with the customer ID, or pass a new payment method."
    )
    return errors.unexpected_state(message, intent)
