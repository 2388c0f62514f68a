"""Capturing, raising and cancelling a payment intent.

Source: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method and
https://docs.stripe.com/api/payment_intents/cancel.
"""

from ..charges import charges, disputes
from ..protocol import currencies, errors, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import next_actions, payment_intents, statuses


def capture(world: World, call: Call) -> Object:
    """Take the held money, or part of it; the rest is released."""
    intent = payment_intents.find(world, call.id)
    statuses.require(intent, "capture")
    amount = call.get("amount_to_capture", intent["amount_capturable"])
    currencies.check_positive(amount, "amount_to_capture")
    if amount > intent["amount_capturable"]:
        currency = intent["currency"]
        message = (
            f"The amount to capture ({currencies.spoken(amount, currency)}) is greater "
            "than the capturable amount of this PaymentIntent "
            f"({currencies.spoken(intent['amount_capturable'], currency)})."
        )
        code = "amount_too_large"
        raise errors.invalid(message, "amount_to_capture", code=code)
    if not call.get("final_capture", True):
        message = "Multicapture is not available for this PaymentIntent."
        raise errors.invalid(message, "final_capture")
    if "metadata" in call:
        notes = metadata.merge(intent["metadata"], call.params["metadata"])
        intent["metadata"] = notes
    take(world, intent, amount)
    return intent


def take(world: World, intent: Object, amount: int) -> None:
    charge = world.store.by_id[intent["latest_charge"]]
    charge["captured"], charge["amount_captured"] = True, amount
    statuses.to(intent, "succeeded")
    intent["amount_capturable"], intent["amount_received"] = 0, amount
    charges.book(world, charge, now=intent["capture_method"] != "automatic_async")
    events.emit(world, "charge.captured", charge)
    events.emit(world, "payment_intent.succeeded", intent)
    disputes.follow(world, charge)


def increment(world: World, call: Call) -> Object:
    """Hold more. ``amount`` is the new total in minor units."""
    intent = payment_intents.find(world, call.id)
    statuses.require(intent, "increment")
    amount = call.params["amount"]
    currencies.check_charge(amount, intent["currency"])
    if amount <= intent["amount"]:
        message = "The new amount must be greater than the amount already authorized."
        raise errors.invalid(message, "amount")
    charge = world.store.by_id[intent["latest_charge"]]
    charge["amount"] = intent["amount"] = intent["amount_capturable"] = amount
    if "description" in call:
        intent["description"] = call.params["description"]
    events.emit(world, "payment_intent.amount_capturable_updated", intent)
    return intent


def cancel(world: World, call: Call) -> Object:
    """Give the intent up for good; held money is released.

    Repeating it is 400 ``payment_intent_unexpected_state``. An intent that a
    Checkout Session made is ended by expiring the session.
    """
    intent = payment_intents.find(world, call.id)
    statuses.require(intent, "cancel")
    if intent.get("_session") and intent["status"] != "requires_capture":
        message = (
            "You cannot cancel this PaymentIntent because it was created by a Checkout "
            "Session. Expire the Checkout Session instead."
        )
        raise errors.unexpected_state(message, intent)
    void(world, intent, call.get("cancellation_reason"))
    return intent


def void(world: World, intent: Object, reason: str | None) -> None:
    """Cancel ``intent``, whoever decided it."""
    held = intent["status"] == "requires_capture"
    debited = intent["status"] == "processing"
    next_actions.abandon(world, intent)
    statuses.to(intent, "canceled")
    intent["canceled_at"], intent["cancellation_reason"] = world.now(), reason
    intent["next_action"] = None
    intent["amount_capturable"] = 0
    if held or debited:
        release(world, intent, expired=reason == "automatic", failed=debited)
    events.emit(world, "payment_intent.canceled", intent)


def release(world: World, intent: Object, *, expired: bool, failed: bool) -> None:
    charge = world.store.by_id[intent["latest_charge"]]
    if failed:
        charge["status"] = "failed"
        events.emit(world, "charge.failed", charge)
        return
    charge["amount_refunded"], charge["refunded"] = charge["amount"], True
    name = "charge.expired" if expired else "charge.refunded"
    events.emit(world, name, charge)


def expire_hold(world: World, intent: Object) -> None:
    """The bank lets the money go: about seven days after it was held."""
    if intent["status"] == "requires_capture":
        void(world, intent, "automatic")
