"""Effects reach the host: each receiver hears each of them once."""

import logging
import random
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from .. import audit, incidents, outbox, signals
from ..conf import conf
from ..core.failpoints import Failpoint, reach
from ..models import Dispute, Incident, Order, OutboxMessage, Payment, Refund

logger = logging.getLogger(__name__)

# Which signal carries an effect, and which row it is about under which name.
SIGNALS: dict[str, tuple[signals.OutboxSignal, type[models.Model], str]] = {
    outbox.ORDER_PAID: (signals.order_paid, Order, "order"),
    outbox.ORDER_AUTHORISED: (signals.order_authorised, Payment, "payment"),
    outbox.ORDER_REFUNDED: (signals.order_refunded, Refund, "refund"),
    outbox.PAYMENT_FAILED: (signals.payment_failed, Payment, "payment"),
    outbox.DISPUTE_OPENED: (signals.dispute_opened, Dispute, "dispute"),
    outbox.INCIDENT_OPENED: (signals.incident_opened, Incident, "exception"),
}

# Ten seconds, then four times longer each time: about eleven hours in all, so
# that a mail server may be down for a night. Then a person has to look.
MAX_TRIES = 8
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)


def deliver(pk: int) -> None:
    """Call the receivers of one effect that have not heard it yet.

    Safe to repeat and to run many times at once. A receiver that raises stops no
    other one; the effect is tried again later, and parked with an alarm after
    ``MAX_TRIES``. Nothing that a receiver does can undo a payment.
    """
    effect = _pending().filter(pk=pk).select_related("order").first()
    if effect is None:
        return
    reach(Failpoint.DELIVERING)
    if effect.name in conf().at_most_once and not _begin(effect):
        return
    signal, _table, _name = SIGNALS[effect.name]
    carried, errors = _carried(effect), []
    for name, receiver in signal.listeners(Order):
        try:
            _hear(effect, name, receiver, {"signal": signal} | carried)
        except Exception as error:
            logger.exception("%s failed for %s", effect.name, effect.subject)
            errors.append(f"{name}: {type(error).__name__}")
    _finish(effect, errors)
    reach(Failpoint.DELIVERED)


def _pending() -> "models.QuerySet[OutboxMessage]":
    return OutboxMessage.objects.filter(done_at__isnull=True, parked_at__isnull=True)


def _carried(effect: OutboxMessage) -> dict[str, Any]:
    _signal, table, name = SIGNALS[effect.name]
    about = table._default_manager.get(pk=effect.object_id)
    if effect.name == outbox.INCIDENT_OPENED:
        return {"sender": Order, name: about}
    return {"sender": Order, "order": effect.order, name: about}


def _begin(effect: OutboxMessage) -> bool:
    """True for the one caller who may try an effect that must not be repeated.

    Whoever comes second does not know how far the first one got. That is not
    told as done and not done again: a person decides.
    """
    if (
        _pending()
        .filter(pk=effect.pk, started_at=None)
        .update(started_at=timezone.now())
    ):
        return True
    recently = timezone.now() - timedelta(minutes=5)
    started = OutboxMessage.objects.get(pk=effect.pk).started_at
    if started is not None and started < recently:
        _park(effect, "It was begun, and may have been done in part.")
    return False


def _hear(
    effect: OutboxMessage, name: str, receiver: Any, carried: dict[str, Any]
) -> None:
    """Call one receiver, and note it in the same transaction.

    Who finds the row locked leaves it to the one who holds it.
    """
    with transaction.atomic():
        held = _pending().select_for_update(skip_locked=True)
        locked = held.filter(pk=effect.pk).first()
        if locked is None or name in locked.heard:
            return
        receiver(**carried)
        locked.heard = [*locked.heard, name]
        locked.save(update_fields=["heard"])
        reach(Failpoint.HEARD)


def _finish(effect: OutboxMessage, errors: list[str]) -> None:
    with transaction.atomic():
        locked = _pending().select_for_update(skip_locked=True)
        found = locked.filter(pk=effect.pk).first()
        if found is None:
            return
        if errors:
            _try_later(found, "; ".join(errors))
        elif _all_have_heard(found):
            found.done_at, found.error = timezone.now(), ""
            found.save(update_fields=["done_at", "error"])


def _all_have_heard(effect: OutboxMessage) -> bool:
    signal, _table, _name = SIGNALS[effect.name]
    return {name for name, _ in signal.listeners(Order)} <= set(effect.heard)


def _try_later(effect: OutboxMessage, error: str) -> None:
    effect.tries, effect.error = effect.tries + 1, error[:255]
    if effect.tries >= MAX_TRIES or effect.name in conf().at_most_once:
        _park(effect, error)
        return
    wait = min(FIRST_WAIT * 4 ** (effect.tries - 1), LONGEST_WAIT)
    wait *= random.uniform(0.8, 1.2)  # noqa: S311
    effect.due_at = timezone.now() + wait
    effect.save(update_fields=["tries", "error", "due_at"])
    outbox.deliver_later(effect, after=wait)


def _park(effect: OutboxMessage, error: str) -> None:
    """Leave an effect to a person; ``unpark`` takes it up again."""
    now = timezone.now()
    facts = {"parked_at": now, "error": error[:255], "tries": effect.tries}
    with transaction.atomic():
        if not _pending().filter(pk=effect.pk).update(**facts):
            return
        _note(effect, "due", "parked", error)
        # With the time: what is parked once more has to be told once more.
        subject = f"{effect.name}:{effect.subject}"[:230] + f":{now.isoformat()}"
        kind = incidents.Kind.PARKED_MESSAGE
        # An alarm that cannot be told is not told by another alarm.
        if effect.name != outbox.INCIDENT_OPENED:
            incidents.report(kind, subject, f"{effect}: {error}", order=effect.order)
    logger.error("%s is parked: %s", effect, error)


def unpark(effect: OutboxMessage) -> None:
    """Try a parked effect again; who has heard it does not hear it twice."""
    with transaction.atomic():
        undone = OutboxMessage.objects.filter(pk=effect.pk, done_at__isnull=True)
        facts = {"parked_at": None, "started_at": None, "due_at": timezone.now()}
        if undone.update(tries=0, **facts):
            _note(effect, "parked" if effect.parked_at else "due", "due")
            outbox.deliver_later(effect)


def _note(effect: OutboxMessage, before: str, after: str, note: str = "") -> None:
    subject = f"{effect.name}:{effect.subject}"[:255]
    facts = {"order": effect.order, "subject": subject, "note": note[:255]}
    audit.note("effect", before, after, **facts)
