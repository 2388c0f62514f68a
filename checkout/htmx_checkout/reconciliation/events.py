"""Events that no endpoint has accepted, or that could not be applied."""

from datetime import timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone

from .. import gateway
from ..conf import conf
from ..exceptions import EventRefused
from ..models import Payment, WebhookEvent
from ..webhooks import parse, process
from .limits import MIN_AGE
from .summary import Acts, Summary

# Stripe keeps events for 30 days (https://docs.stripe.com/api/events/list).
EVENTS_KEPT = timedelta(days=30)

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
    """Apply events whose delivery failed, and try again those that wait here."""
    begin = timezone.now() - EVENTS_KEPT
    for event in gateway.events(since=begin, types=TYPES, only_failed=True):
        try:
            parsed = parse.parse_plain(event)
        except EventRefused:
            continue
        if _is_news(parsed):
            summary.counts["events replayed"] += 1
            yield partial(process.accept, parsed, "reconcile")
    old = timezone.now() - MIN_AGE
    for stored in WebhookEvent.objects.waiting().filter(received_at__lt=old):
        summary.counts["events tried again"] += 1
        yield partial(process.retry, stored)


def _is_news(parsed: parse.ParsedEvent) -> bool:
    """True for an event of ours that is neither done nor parked.

    Other installations may use the same account.
    """
    closed = WebhookEvent.objects.filter(~Q(done_at=None) | ~Q(parked_at=None))
    if closed.filter(stripe_id=parsed.stripe_id).exists():
        return False
    is_ours = parsed.installation == conf().installation
    return is_ours or Payment.objects.filter(stripe_id=parsed.intent).exists()
