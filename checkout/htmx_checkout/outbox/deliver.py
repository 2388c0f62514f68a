"""Calls the host's receivers of an outbox message, each of them once."""

import logging
import random
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from .. import audit, signals
from ..conf import conf
from ..core.failpoints import Failpoint, reach
from ..models import Dispute, Incident, Order, OutboxMessage, Payment, Refund
from . import stage
from .stage import Name

logger = logging.getLogger(__name__)

# Which signal carries a message, and which row it is about under which name.
SIGNALS: dict[str, tuple[signals.OutboxSignal, type[models.Model], str]] = {
    Name.ORDER_PAID: (signals.order_paid, Order, "order"),
    Name.ORDER_AUTHORISED: (signals.order_authorised, Payment, "payment"),
    Name.ORDER_REFUNDED: (signals.order_refunded, Refund, "refund"),
    Name.PAYMENT_FAILED: (signals.payment_failed, Payment, "payment"),
    Name.DISPUTE_OPENED: (signals.dispute_opened, Dispute, "dispute"),
    Name.INCIDENT_OPENED: (signals.incident_opened, Incident, "incident"),
}

# Ten seconds, then four times longer each time, eleven hours in all: a mail server
# may be down for a night. Then a person has to look.
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
# A delivery that began longer ago has died: no receiver takes so long.
BEGUN_RECENTLY = timedelta(minutes=5)


def deliver(pk: int) -> None:
    """Call the host's receivers of one outbox message that were not called yet.

    Safe to repeat and to run many times at once. A receiver that raises stops no
    other one; the message is tried again later, and parked after ``MAX_TRIES``.
    Nothing that a receiver does can undo a payment.
    """
    waiting = OutboxMessage.objects.waiting().select_related("order")
    message = waiting.filter(pk=pk).first()
    if message is None:
        return
    reach(Failpoint.DELIVERING)
    if message.name in conf().at_most_once and not _begin(message):
        return
    signal, _table, _name = SIGNALS[message.name]
    carried, errors = _carried(message), []
    for name, receiver in signal.listeners(Order):
        try:
            _hear(message, name, receiver, {"signal": signal} | carried)
        except Exception as error:
            logger.exception("%s failed for %s", message.name, message.subject)
            errors.append(f"{name}: {type(error).__name__}")
    _finish(message, errors)
    reach(Failpoint.DELIVERED)


def unpark(message: OutboxMessage) -> None:
    """Try a parked message again, with the receivers that were not called yet."""
    with transaction.atomic():
        same = OutboxMessage.objects.filter(pk=message.pk)
        if same.unpark(started_at=None, due_at=timezone.now()):
            _note(message, "due" if message.parked_at is None else "parked", "due")
            stage.deliver_later(message)


def _lock(message: OutboxMessage) -> OutboxMessage | None:
    """The row, locked; None if it is not waiting, or if another process holds it."""
    held = OutboxMessage.objects.waiting().select_for_update(skip_locked=True)
    return held.filter(pk=message.pk).first()


def _carried(message: OutboxMessage) -> dict[str, Any]:
    """The arguments that receivers of ``message`` are called with."""
    _signal, table, name = SIGNALS[message.name]
    about = table._default_manager.get(pk=message.object_id)
    if message.name == Name.INCIDENT_OPENED:
        return {"sender": Order, name: about}
    return {"sender": Order, "order": message.order, name: about}


def _begin(message: OutboxMessage) -> bool:
    """True for the one caller that may deliver an ``AT_MOST_ONCE`` message.

    A second caller cannot know how far the first one came. Once the first must have
    died, the message is parked, so that a person decides.
    """
    now = timezone.now()
    fresh = OutboxMessage.objects.waiting().filter(pk=message.pk, started_at=None)
    if fresh.update(started_at=now):
        return True
    with transaction.atomic():
        found = _lock(message)
        if found is not None and (found.started_at or now) < now - BEGUN_RECENTLY:
            error = "It was begun, and may have been done in part."
            _fail(found, error, counts=False)
    return False


def _hear(
    message: OutboxMessage, name: str, receiver: Any, carried: dict[str, Any]
) -> None:
    """Call one receiver, and store in the same transaction that it was called.

    Does nothing if another process holds the message's lock, and so delivers it.
    """
    with transaction.atomic():
        found = _lock(message)
        if found is None:
            return
        if name not in found.heard:
            receiver(**carried)
            found.heard = [*found.heard, name]
            found.save(update_fields=["heard"])
            reach(Failpoint.HEARD)
    message.heard = found.heard


def _finish(message: OutboxMessage, errors: list[str]) -> None:
    # With nothing to store the row is not locked: another process that calls the
    # receivers would find it locked, and leave the next one uncalled.
    if not errors and not _all_have_heard(message):
        return
    with transaction.atomic():
        found = _lock(message)
        if found is None:
            return
        if errors:
            _fail(found, "; ".join(errors))
        elif _all_have_heard(found):
            found.succeed()
            found.save(update_fields=["done_at", "error"])


def _all_have_heard(message: OutboxMessage) -> bool:
    signal, _table, _name = SIGNALS[message.name]
    return {name for name, _ in signal.listeners(Order)} <= set(message.heard)


def _fail(message: OutboxMessage, error: str, *, counts: bool = True) -> None:
    """Have a locked message tried again later, or park it."""
    is_last = message.name in conf().at_most_once
    message.fail(error, counts=counts, is_last=is_last)
    if message.parked_at is None:
        wait = min(FIRST_WAIT * 4 ** (message.tries - 1), LONGEST_WAIT)
        wait *= random.uniform(0.8, 1.2)  # noqa: S311
        message.due_at = timezone.now() + wait
        stage.deliver_later(message, after=wait)
    else:
        _note(message, "due", "parked", error)
        logger.error("%s is parked: %s", message, error)
    message.save(update_fields=["tries", "error", "due_at", "parked_at"])


def _note(message: OutboxMessage, before: str, after: str, note: str = "") -> None:
    fields = {"order": message.order, "subject": message.key[:255]}
    audit.note("message", before, after, note=note[:255], **fields)
