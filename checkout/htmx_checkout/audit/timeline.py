"""What happened to an order, from the audit log and from all other tables.

Reads only, and shows no secret: no token, no key, no client secret.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ..models import (
    AuditEntry,
    Dispute,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
    WebhookEvent,
)
from ..models.statuses import OrderStatus, PaymentStatus
from ..money import Money
from ..redaction import redact
from .rows import AFTER, EVENT, ORDER, OUTCOME, REQUEST, Race, Row
from .words import IDLE, OUTCOMES, STATES, STATUSES


def find(name: str) -> Order | None:
    """The order of a reference, an intent (``pi_…``) or a refund (``re_…``).

    Queries one unique column after the other: an OR of all would read every row.
    """
    names = [name, name.upper()]
    for fields in (
        {"reference__in": names},
        {"payments__stripe_id": name},
        {"payments__refunds__stripe_id": name},
        {"payments__refunds__number__in": names},
    ):
        if order := Order.objects.filter(**fields).first():
            return order
    return None


def of(order: Order) -> list[Row]:
    """What happened to ``order``, oldest first. A fixed number of queries."""
    payments = list(order.payments.order_by("attempt"))
    rows = [*_order(order), *_payments(payments), *_events(_events_of(payments))]
    rows += [_entry(entry) for entry in order.audit_entries.order_by("pk")]
    for message in order.outbox.order_by("pk"):
        rows += _message(message)
    rows += [*_refunds(order), *_disputes(order)]
    # Sorting is stable: of one moment and one rank, as they were written.
    return sorted(rows, key=lambda row: (row.at, row.rank))


def race(order: Order) -> Race | None:
    """What made ``order`` paid, and what came later; None if it was never paid."""
    paid = {"what": "order", "after": OrderStatus.PAID}
    entry = order.audit_entries.filter(**paid).order_by("pk").first()
    if entry is None:
        return None
    payments = list(order.payments.all())
    late = [
        (event, event.done_at - entry.at)
        for event in _events_of(payments)
        if event.outcome == "settled" and event.done_at is not None
    ]
    return Race(winner=_entry(entry), late=late)


def open_incidents(order: Order) -> list[Incident]:
    """The open incidents of ``order``, oldest first."""
    found = order.incidents.filter(closed_at__isnull=True)
    return list(found.order_by("opened_at", "pk"))


def _row(at: datetime, what: str, text: str, **facts: Any) -> Row:
    who = redact(facts.pop("caused_by", ""))
    return Row(at=at, what=what, text=redact(text), caused_by=who, **facts)


def _order(order: Order) -> Iterator[Row]:
    text = _("made, of what was in the bag")
    yield _row(order.created_at, "order", text, rank=ORDER, amount=order.total)
    if order.seen_at:
        text = _("the shopper saw that it is paid or being paid")
        yield _row(order.seen_at, "order", text, rank=AFTER)


def _payments(payments: list[Payment]) -> Iterator[Row]:
    for payment in payments:
        name = {"attempt": payment.attempt, "name": payment.stripe_id or "…"}
        text = _("attempt %(attempt)s: what Stripe is to be asked was stored") % name
        facts = {"rank": REQUEST, "amount": payment.total}
        yield _row(payment.key_stored_at, "payment", text, **facts)
        if payment.key_sent_at - payment.key_stored_at > timedelta(seconds=1):
            text = _("attempt %(attempt)s: Stripe was asked once more for it") % name
            yield _row(payment.key_sent_at, "payment", text, rank=REQUEST)
        if payment.asked_at:
            text = _("attempt %(attempt)s: Stripe was last asked about %(name)s") % name
            yield _row(payment.asked_at, "payment", text, rank=REQUEST)
        if payment.capture_before and payment.status == PaymentStatus.AUTHORISED:
            text = _("attempt %(attempt)s: the bank stops holding the money") % name
            yield _row(payment.capture_before, "payment", text, rank=AFTER)


def _entry(entry: AuditEntry) -> Row:
    before, text = _status(entry, entry.before), _status(entry, entry.after)
    if entry.before:
        text = _("%(before)s → %(after)s") % {"before": before, "after": text}
    more = " · ".join(part for part in (entry.subject, entry.note) if part)
    amount = None
    if entry.amount is not None and entry.currency:
        amount = Money(entry.amount, entry.currency)
    return _row(
        entry.at,
        entry.what,
        f"{text} · {more}" if more else text,
        cause=entry.cause,
        caused_by=entry.caused_by,
        request_id=entry.request_id,
        amount=amount,
    )


def _status(entry: AuditEntry, status: str) -> str:
    """The label of a state, or the state itself if it has none."""
    known = STATUSES.get(entry.what)
    if known is not None and status in known.values:
        return str(known(status).label)
    return str(STATES.get(status, status))


def _events_of(payments: list[Payment]) -> list[WebhookEvent]:
    names = [payment.stripe_id for payment in payments if payment.stripe_id]
    if not names:
        return []
    return list(WebhookEvent.objects.filter(intent_id__in=names).order_by("pk"))


def _events(events: list[WebhookEvent]) -> Iterator[Row]:
    for event in events:
        who = {"cause": event.source, "caused_by": event.stripe_id}
        name: dict[str, Any] = {"type": event.type, "error": event.error}
        name["outcome"] = OUTCOMES.get(event.outcome, event.outcome)
        text = _("%(type)s arrived") % name
        if event.outcome in IDLE:
            text = _("%(type)s arrived: %(outcome)s") % name
        yield _row(event.received_at, "event", text, rank=EVENT, **who)
        if event.done_at and event.outcome not in IDLE:
            text = _("%(type)s: %(outcome)s") % name
            yield _row(event.done_at, "event", text, rank=OUTCOME, **who)
        if event.parked_at:
            text = _("%(type)s is parked: %(error)s") % name
            yield _row(event.parked_at, "event", text, rank=OUTCOME, **who)


def _message(message: OutboxMessage) -> Iterator[Row]:
    name = {"name": message.name, "why": message.error}
    name["heard"] = ", ".join(message.heard)
    text = _("%(name)s is to be sent") % name
    yield _row(message.staged_at, "message", text, rank=AFTER)
    if message.done_at:
        text = _("%(name)s was sent to %(heard)s") % name
        if not message.heard:
            text = _("%(name)s is done: it has no receivers") % name
        yield _row(message.done_at, "message", text, rank=AFTER)
    elif message.error:
        text = _("%(name)s has failed: %(why)s") % name
        yield _row(message.parked_at or message.due_at, "message", text, rank=AFTER)


def _refunds(order: Order) -> Iterator[Row]:
    found = Refund.objects.filter(payment__order=order).order_by("pk")
    for refund in found.exclude(idempotency_key=None):
        name = {"number": refund.number, "who": refund.wanted_by}
        text = _("%(number)s, wanted by %(who)s: what to ask was stored") % name
        facts = {"rank": REQUEST, "amount": refund.total}
        yield _row(refund.key_stored_at, "refund", text, **facts)


def _disputes(order: Order) -> Iterator[Row]:
    found = Dispute.objects.filter(payment__order=order, closed_at=None)
    for dispute in found.exclude(due_by=None).order_by("pk"):
        assert dispute.due_by is not None
        text = _("%(name)s: evidence has to be there") % {"name": dispute}
        facts = {"rank": AFTER, "amount": dispute.total}
        yield _row(dispute.due_by, "dispute", text, **facts)
