"""Refunds, against what Stripe's list says of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from .. import gateway
from ..models import Payment, Refund
from ..models.statuses import RefundStatus
from ..payments import refund, sync
from .limits import MIN_AGE
from .summary import Acts, Summary


def refunds(summary: Summary, window: timedelta) -> Acts:
    """Send refunds that had no answer, and look at those that Stripe has changed."""
    planned = Refund.objects.filter(
        status=RefundStatus.CREATING, created_at__lt=timezone.now() - MIN_AGE
    )
    for row in planned:
        summary.counts["refunds repeated"] += 1
        yield partial(refund.send, row.pk)
    for payment in _with_other_refunds(timezone.now() - window):
        summary.counts["refunds looked at"] += 1
        yield partial(sync.refresh_refunds, payment)


def _with_other_refunds(begin: datetime) -> Iterator[Payment]:
    """Payments whose refunds at Stripe differ from those stored here."""
    waiting = Refund.objects.filter(
        status__in=[RefundStatus.PENDING, RefundStatus.ACTION]
    )
    asked = set(waiting.values_list("payment_id", flat=True))
    yield from Payment.objects.filter(pk__in=asked).select_related("order")
    for found in gateway.refunds_since(begin):
        known = Refund.objects.filter(stripe_id=found.stripe_id)
        if known.filter(status=found.status).exists():
            continue
        payment = Payment.objects.filter(stripe_id=found.intent_id).first()
        if payment is not None and payment.pk not in asked:
            asked.add(payment.pk)
            yield payment
