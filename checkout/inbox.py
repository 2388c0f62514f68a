"""An event arrives: verify it, store it, and take it as a reason to look.

What an event says is not believed, only that something has happened to an
intent. So repetition and disorder cannot hurt: each leads to the same question.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from . import gateway, settlement
from .conf import conf
from .exceptions import EventRefused, EventUndecided, GatewayError
from .gateway import Intent
from .models import Event, Order, Payment, live_payment


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The few facts of an event that are used."""

    stripe_id: str
    type: str
    livemode: bool
    api_version: str
    intent: str
    order: str
    installation: str


def receive(body: bytes, signature: str) -> Event:
    """Verify, store and apply one delivery; returns the stored event.

    Safe to repeat: an event that is processed already is only returned. Raises
    ``EventRefused`` for anything that Stripe did not sign or that is no event,
    with nothing stored, and ``EventUndecided`` when the event is stored but
    Stripe could not be asked: it must be delivered again.
    """
    gateway.verify(body, signature)
    notice = read(body)
    event, _is_new = Event.objects.get_or_create(
        stripe_id=notice.stripe_id,
        defaults={
            "type": notice.type,
            "object_id": notice.intent,
            "livemode": notice.livemode,
            "api_version": notice.api_version,
        },
    )
    if event.processed_at is None:
        _apply(event, notice)
    return event


def read(body: bytes) -> Notice:
    """Read an event's facts; raise ``EventRefused`` where they are not there."""
    try:
        event = json.loads(body, parse_constant=_refuse_constant)
        held = event["data"]["object"]
        metadata = held.get("metadata") or {}
        is_intent = held["object"] == "payment_intent"
        intent = held["id"] if is_intent else held.get("payment_intent") or ""
        return Notice(
            stripe_id=_text(event["id"]),
            type=_text(event["type"]),
            livemode=bool(event["livemode"]),
            api_version=_text(event.get("api_version") or "")[:64],
            intent=_text(intent),
            order=_text(metadata.get("order", "")),
            installation=_text(metadata.get("installation", "")),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # Without the cause: it may quote the body, which holds a client secret.
        raise EventRefused("Signed, but not an event.") from None


def _text(value: Any) -> str:
    """A string that fits its column and that every database can hold."""
    if not isinstance(value, str) or len(value) > 255 or "\0" in value:
        raise ValueError
    return value


def _refuse_constant(name: str) -> None:
    # NaN and Infinity are Python's, not JSON's (RFC 8259, section 6).
    raise ValueError(name)


def _apply(event: Event, notice: Notice) -> None:
    payment = _payment_of(notice)
    if notice.livemode != conf().livemode:
        _leave(event, "livemode")
    elif payment is None:
        _leave(event, "foreign")
    elif payment.order.is_paid:
        _leave(event, "settled")
    else:
        settlement.record(payment, _ask(notice), event=event)


def _ask(notice: Notice) -> Intent:
    try:
        return gateway.retrieve(notice.intent)
    except GatewayError as error:
        raise EventUndecided(f"{error.code} for {notice.stripe_id}") from error


def _payment_of(notice: Notice) -> Payment | None:
    """The payment that the event is about; None if it is not one of ours."""
    if not notice.intent:
        return None
    payments = Payment.objects.select_related("order")
    found = payments.filter(stripe_id=notice.intent).first()
    if found is None and notice.installation == conf().installation:
        return _waiting_payment(notice.order)
    return found


def _waiting_payment(reference: str) -> Payment | None:
    """The attempt whose intent is so new that its id is not stored yet.

    Stripe's event can overtake Stripe's answer, or the answer was lost.
    """
    order = Order.objects.filter(reference=reference).first()
    payment: Payment | None = live_payment(order) if order else None
    return payment if payment is not None and payment.stripe_id is None else None


def _leave(event: Event, outcome: str) -> None:
    """Note why there is nothing to do. Answered 200, or Stripe would repeat it."""
    event.processed_at, event.outcome = timezone.now(), outcome
    event.save(update_fields=["processed_at", "outcome"])
