"""What happened to an order, told from everything that has left a row.

Reads only, and shows no secret: no token, no key, no client secret.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from ..models.statuses import DisputeStatus, OrderStatus, PaymentStatus, RefundStatus
from ..money import Money
from ..redaction import redact

# What a row is about, in the order in which rows of one moment are told: first
# what came, then what it has changed, then what follows.
ORDER, REQUEST, EVENT, MOVE, OUTCOME, EFFECT = range(6)

WHAT: dict[str, str | Promise] = {
    "order": gettext_lazy("order"),
    "payment": gettext_lazy("payment"),
    "refund": gettext_lazy("refund"),
    "dispute": gettext_lazy("dispute"),
    "exception": gettext_lazy("exception"),
    "effect": gettext_lazy("effect"),
    "event": gettext_lazy("event"),
}
CAUSES: dict[str, str | Promise] = {
    "till": gettext_lazy("the till"),
    "return": gettext_lazy("the return from Stripe"),
    "poll": gettext_lazy("the status page"),
    "webhook": gettext_lazy("the webhook"),
    "reconcile": gettext_lazy("the reconciler"),
    "worker": gettext_lazy("a worker"),
    "staff": gettext_lazy("a person"),
    "policy": gettext_lazy("the shop's policy"),
    "code": gettext_lazy("code of the shop"),
}
STATUSES: dict[str, Any] = {
    "order": OrderStatus,
    "payment": PaymentStatus,
    "refund": RefundStatus,
    "dispute": DisputeStatus,
}
OUTCOMES: dict[str, str | Promise] = {
    "applied": gettext_lazy("applied"),
    "settled": gettext_lazy("nothing was left to ask"),
    "foreign": gettext_lazy("not about a payment of ours"),
    "stray": gettext_lazy("about money without a payment here"),
    "livemode": gettext_lazy("of the other mode"),
    "account": gettext_lazy("of another account"),
}
# These changed nothing, so that one row tells both that they came and what of it.
IDLE = ("settled", "foreign", "livemode", "account")
WORDS: dict[str, str | Promise] = {
    "open": gettext_lazy("open"),
    "closed": gettext_lazy("closed"),
    "due": gettext_lazy("due"),
    "parked": gettext_lazy("parked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that happened, or is to come.

    ``cause`` is who or what did it, ``caused_by`` an event's id or a person's
    name, ``request_id`` Stripe's name for the answer that it rests on.
    """

    at: datetime
    what: str
    text: str
    rank: int = MOVE
    cause: str = ""
    caused_by: str = ""
    request_id: str = ""
    amount: Money | None = None

    @property
    def clock(self) -> str:
        return clock(self.at)

    @property
    def noun(self) -> str | Promise:
        return WHAT.get(self.what, self.what)

    @property
    def who(self) -> str | Promise:
        return CAUSES.get(self.cause, self.cause)

    @property
    def is_to_come(self) -> bool:
        return self.at > timezone.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Who made an order paid, and which events came second and changed nothing."""

    won: Row
    seconds: list[tuple[WebhookEvent, timedelta]]


def clock(at: datetime) -> str:
    """A moment to the millisecond, since a race is decided within few of them."""
    return timezone.localtime(at).isoformat(" ", "milliseconds")[:23]


def find(name: str) -> Order | None:
    """The order of a reference, an intent (``pi_…``) or a refund (``re_…``).

    One unique column after the other: an OR of them all would read every row.
    """
    names = [name, name.upper()]
    for facts in (
        {"reference__in": names},
        {"payments__stripe_id": name},
        {"payments__refunds__stripe_id": name},
        {"payments__refunds__number__in": names},
    ):
        if order := Order.objects.filter(**facts).first():
            return order
    return None


def of(order: Order) -> list[Row]:
    """Everything that happened to ``order``, oldest first. A fixed number of reads."""
    payments = list(order.payments.order_by("attempt"))
    rows = [*_order(order), *_payments(payments), *_moves(order)]
    rows += [*_events(_events_of(payments)), *_effects(order)]
    rows += [*_refunds(order), *_disputes(order)]
    # Sorting is stable: of one moment and one rank, as they were written.
    return sorted(rows, key=lambda row: (row.at, row.rank))


def race(order: Order) -> Race | None:
    """Who made ``order`` paid, and who came second; None if nobody has."""
    paid = {"what": "order", "after": OrderStatus.PAID}
    move = order.audit_entries.filter(**paid).order_by("pk").first()
    if move is None:
        return None
    payments = list(order.payments.all())
    late = [
        (event, event.processed_at - move.at)
        for event in _events_of(payments)
        if event.outcome == "settled" and event.processed_at is not None
    ]
    return Race(won=_move(move), seconds=late)


def open_incidents(order: Order) -> list[Incident]:
    """What a person still has to look at, oldest first."""
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
        yield _row(order.seen_at, "order", text, rank=EFFECT)


def _payments(payments: list[Payment]) -> Iterator[Row]:
    for payment in payments:
        name = {"attempt": payment.attempt, "name": payment.stripe_id or "…"}
        total = Money(payment.amount, payment.currency)
        text = _("attempt %(attempt)s: what Stripe is to be asked was stored") % name
        facts = {"rank": REQUEST, "amount": total}
        yield _row(payment.key_stored_at, "payment", text, **facts)
        if payment.key_sent_at - payment.key_stored_at > timedelta(seconds=1):
            text = _("attempt %(attempt)s: Stripe was asked once more for it") % name
            yield _row(payment.key_sent_at, "payment", text, rank=REQUEST)
        if payment.asked_at:
            text = _("attempt %(attempt)s: Stripe was last asked about %(name)s") % name
            yield _row(payment.asked_at, "payment", text, rank=REQUEST)
        if payment.capture_before and payment.status == PaymentStatus.AUTHORISED:
            text = _("attempt %(attempt)s: the bank stops holding the money") % name
            yield _row(payment.capture_before, "payment", text, rank=EFFECT)


def _moves(order: Order) -> Iterator[Row]:
    for move in order.audit_entries.order_by("pk"):
        yield _move(move)


def _move(move: AuditEntry) -> Row:
    about = {"before": _status(move, move.before), "after": _status(move, move.after)}
    text = _("%(before)s → %(after)s") % about if move.before else about["after"]
    more = " · ".join(part for part in (move.subject, move.note) if part)
    amount = None
    if move.amount is not None and move.currency:
        amount = Money(move.amount, move.currency)
    return _row(
        move.at,
        move.what,
        f"{text} · {more}" if more else text,
        cause=move.cause,
        caused_by=move.caused_by,
        request_id=move.request_id,
        amount=amount,
    )


def _status(move: AuditEntry, status: str) -> str:
    """A state in words, where it is one of ours."""
    known = STATUSES.get(move.what)
    if known is not None and status in known.values:
        return str(known(status).label)
    return str(WORDS.get(status, status))


def _events_of(payments: list[Payment]) -> list[WebhookEvent]:
    names = [payment.stripe_id for payment in payments if payment.stripe_id]
    if not names:
        return []
    return list(WebhookEvent.objects.filter(object_id__in=names).order_by("pk"))


def _events(events: list[WebhookEvent]) -> Iterator[Row]:
    for event in events:
        who = {"cause": event.source, "caused_by": event.stripe_id}
        name: dict[str, Any] = {"type": event.type, "error": event.error}
        name["outcome"] = OUTCOMES.get(event.outcome, event.outcome)
        text = _("%(type)s arrived") % name
        if event.outcome in IDLE:
            text = _("%(type)s arrived: %(outcome)s") % name
        yield _row(event.received_at, "event", text, rank=EVENT, **who)
        if event.processed_at and event.outcome not in IDLE:
            text = _("%(type)s: %(outcome)s") % name
            yield _row(event.processed_at, "event", text, rank=OUTCOME, **who)
        if event.parked_at:
            text = _("%(type)s is parked: %(error)s") % name
            yield _row(event.parked_at, "event", text, rank=OUTCOME, **who)


def _effects(order: Order) -> Iterator[Row]:
    for effect in order.outbox.order_by("pk"):
        yield from _effect(effect)


def _effect(effect: OutboxMessage) -> Iterator[Row]:
    name = {"name": effect.name, "heard": ", ".join(effect.heard), "why": effect.error}
    text = _("%(name)s is to be told") % name
    yield _row(effect.staged_at, "effect", text, rank=EFFECT)
    if effect.done_at:
        text = _("%(name)s was heard by %(heard)s") % name
        if not effect.heard:
            text = _("%(name)s is done: nobody listens to it") % name
        yield _row(effect.done_at, "effect", text, rank=EFFECT)
    elif effect.error:
        text = _("%(name)s has failed: %(why)s") % name
        yield _row(effect.parked_at or effect.due_at, "effect", text, rank=EFFECT)


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
        facts = {"rank": EFFECT, "amount": dispute.total}
        yield _row(dispute.due_by, "dispute", text, **facts)
