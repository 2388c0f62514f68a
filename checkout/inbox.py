"""An event arrives: verify it, store it, and take it as a reason to look.

What an event says is not believed, only that something has happened to an
intent. So repetition and disorder cannot hurt: each leads to the same question.
"""

import json
import logging
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from . import gateway, settlement
from .conf import conf
from .exceptions import EventRefused, EventUndecided, GatewayError
from .models import Event, Payment
from .statuses import PaymentStatus

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The few facts of an event that are used."""

    stripe_id: str
    type: str
    livemode: bool
    api_version: str
    intent: str
    order: str
    attempt: int
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
            order=_known(metadata.get("order")),
            attempt=_number(metadata.get("attempt")),
            installation=_known(metadata.get("installation")),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # Without the cause: it may quote the body, which holds a client secret.
        raise EventRefused("Signed, but not an event.") from None


def _text(value: Any) -> str:
    """A string that fits its column and that every database can hold."""
    if not isinstance(value, str) or len(value) > 255 or "\0" in value:
        raise ValueError
    return value


def _known(value: Any) -> str:
    """A metadata value that could be ours; other installations write what they like."""
    try:
        return _text(value)
    except ValueError:
        return ""


def _number(value: Any) -> int:
    digits = _known(value)
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 9
    return int(digits) if is_number else 0


def _refuse_constant(name: str) -> None:
    # NaN and Infinity are Python's, not JSON's (RFC 8259, section 6).
    raise ValueError(name)


def _apply(event: Event, notice: Notice) -> None:
    payment = _payment_of(notice)
    if notice.livemode != conf().livemode:
        _leave(event, "livemode")
    elif payment is None:
        _leave(event, "foreign")
        _tell_if_ours(notice)
    elif payment.status == PaymentStatus.SUCCEEDED:
        _leave(event, "settled")
    else:
        _settle(payment, event, notice)


def _tell_if_ours(notice: Notice) -> None:
    """Raise the alarm for money that names us, while its row is not here.

    A backup that was restored has lost it.
    """
    is_ours = notice.installation == conf().installation
    if is_ours and notice.type == "payment_intent.succeeded":
        logger.error("Paid, but unknown here: %s, %s", notice.intent, notice.order)


def _settle(payment: Payment, event: Event, notice: Notice) -> None:
    try:
        settlement.record(payment, gateway.retrieve(notice.intent), event=event)
    except GatewayError as error:
        raise EventUndecided(f"{error.code} for {notice.stripe_id}") from error


def _payment_of(notice: Notice) -> Payment | None:
    """The payment that the event is about; None if it is not one of ours."""
    if not notice.intent:
        return None
    payments = Payment.objects.select_related("order")
    found = payments.filter(stripe_id=notice.intent).first()
    if found is not None or notice.installation != conf().installation:
        return found
    # So new that its id is not stored yet: Stripe's event can overtake Stripe's
    # answer, or the answer was lost.
    waiting = payments.filter(stripe_id=None, order__reference=notice.order)
    return waiting.filter(attempt=notice.attempt).first()


def _leave(event: Event, outcome: str) -> None:
    """Note why there is nothing to do. Answered 200, or Stripe would repeat it."""
    event.processed_at, event.outcome = timezone.now(), outcome
    event.save(update_fields=["processed_at", "outcome"])
