"""Events, refunds, disputes, effects, and the books."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import gateway, incidents
from ..conf import conf
from ..exceptions import EventRefused
from ..models import Dispute, OutboxMessage, Payment, Refund, WebhookEvent
from ..models.statuses import PaymentStatus, RefundStatus
from ..outbox import deliver
from ..payments import refund, sync
from ..webhooks import parse, process
from . import ledger
from .summary import YOUNG, Acts, Summary

# Stripe keeps events for 30 days (https://docs.stripe.com/api/events/list).
EVENTS_KEPT = timedelta(days=30)
# The bank lets held money go after about seven days; a day is time to act.
HOLD_WARNING = timedelta(hours=24)

# At most twenty may be named in one question.
TYPES = (
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.canceled",
    "payment_intent.amount_capturable_updated",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
)


def events(summary: Summary, window: timedelta) -> Acts:
    """Events that no endpoint has accepted, and those that we could not apply."""
    begin = timezone.now() - EVENTS_KEPT
    for event in gateway.events(since=begin, types=TYPES, only_failed=True):
        try:
            notice = parse.parse_plain(event)
        except EventRefused:
            continue
        if _is_news(notice):
            summary.counts["events replayed"] += 1
            yield partial(process.take, notice, "reconcile")
    waiting = WebhookEvent.objects.filter(processed_at=None, parked_at=None)
    for kept in waiting.filter(received_at__lt=timezone.now() - YOUNG):
        summary.counts["events tried again"] += 1
        yield partial(process.try_again, kept)


def _is_news(notice: parse.ParsedEvent) -> bool:
    """True for an event of ours that is not dealt with: others share the account."""
    if WebhookEvent.objects.filter(
        ~Q(processed_at=None) | ~Q(parked_at=None), stripe_id=notice.stripe_id
    ).exists():
        return False
    is_ours = notice.installation == conf().installation
    return is_ours or Payment.objects.filter(stripe_id=notice.intent).exists()


def refunds_(summary: Summary, window: timedelta) -> Acts:
    """Refunds that had no answer, are on their way, or were made elsewhere."""
    planned = Refund.objects.filter(
        status=RefundStatus.CREATING, created_at__lt=timezone.now() - YOUNG
    )
    for row in planned:
        summary.counts["refunds repeated"] += 1
        yield partial(refund.send, row.pk)
    for payment in _with_other_refunds(timezone.now() - window):
        summary.counts["refunds looked at"] += 1
        yield partial(sync.refresh_refunds, payment)


def _with_other_refunds(begin: datetime) -> Iterator[Payment]:
    """Payments of which Stripe's refunds are not those that we hold."""
    waiting = Refund.objects.filter(
        status__in=[RefundStatus.PENDING, RefundStatus.ACTION]
    )
    asked = set(waiting.values_list("payment_id", flat=True))
    yield from Payment.objects.filter(pk__in=asked).select_related("order")
    for facts in gateway.refunds_since(begin):
        known = Refund.objects.filter(stripe_id=facts.stripe_id)
        if known.filter(status=facts.status).exists():
            continue
        payment = Payment.objects.filter(stripe_id=facts.intent_id).first()
        if payment is not None and payment.pk not in asked:
            asked.add(payment.pk)
            yield payment


def disputes(summary: Summary, window: timedelta) -> Acts:
    """Disputes of the window, and those that are still open here."""
    seen = set()
    for facts in gateway.disputes_since(timezone.now() - window):
        seen.add(facts.stripe_id)
        payment = Payment.objects.filter(stripe_id=facts.intent_id).first()
        known = Dispute.objects.filter(stripe_id=facts.stripe_id, status=facts.status)
        if payment is not None and not known.exists():
            summary.counts["disputes kept"] += 1
            yield partial(sync.refresh_dispute, payment, facts.stripe_id)
    open_ = Dispute.objects.filter(closed_at=None).exclude(stripe_id__in=seen)
    for dispute in open_.select_related("payment"):
        summary.counts["disputes asked again"] += 1
        yield partial(sync.refresh_dispute, dispute.payment, dispute.stripe_id)


def effects(summary: Summary, window: timedelta) -> Acts:
    """Effects that are overdue: their worker died, or there is none."""
    undone = OutboxMessage.objects.filter(done_at=None, parked_at=None)
    for effect in undone.filter(due_at__lt=timezone.now() - YOUNG):
        summary.counts["effects delivered"] += 1
        yield partial(deliver.deliver, effect.pk)


def holds(summary: Summary, window: timedelta) -> Acts:
    """Held money that the bank will let go soon."""
    soon = timezone.now() + HOLD_WARNING
    held = Payment.objects.filter(
        status=PaymentStatus.AUTHORISED, capture_before__lt=soon
    )
    for payment in held.select_related("order"):
        summary.counts["holds that expire"] += 1
        yield partial(_warn, payment)


def _warn(payment: Payment) -> None:
    detail = f"{payment.order}: capture before {payment.capture_before:%Y-%m-%d %H:%M}"
    facts: dict[str, Any] = {"order": payment.order, "payment": payment}
    with transaction.atomic():
        kind = incidents.Kind.HOLD_EXPIRING
        incidents.report(kind, payment.stripe_id or "", detail, **facts)


def books_(summary: Summary, window: timedelta) -> Acts:
    """What the second checker says, told as an exception."""
    summary.violations = ledger.violations(timezone.now() - window)
    for violation in summary.violations:
        yield partial(_tell, violation)


def _tell(violation: str) -> None:
    with transaction.atomic():
        incidents.report(incidents.Kind.BOOKS, violation[:255], violation)
