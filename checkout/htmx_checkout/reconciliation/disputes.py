"""Disputes, against what Stripe's list says of them."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from .. import gateway
from ..models import Dispute, Payment
from ..payments import sync
from .summary import Acts, Summary


def disputes(summary: Summary, window: timedelta) -> Acts:
    """Store the disputes of the window, and ask about those that are open here."""
    seen = set()
    for found in gateway.disputes_since(timezone.now() - window):
        seen.add(found.stripe_id)
        payment = Payment.objects.filter(stripe_id=found.intent_id).first()
        known = Dispute.objects.filter(stripe_id=found.stripe_id, status=found.status)
        if payment is not None and not known.exists():
            summary.counts["disputes kept"] += 1
            yield partial(sync.refresh_dispute, payment, found.stripe_id)
    open_ = Dispute.objects.filter(closed_at=None).exclude(stripe_id__in=seen)
    for dispute in open_.select_related("payment"):
        summary.counts["disputes asked again"] += 1
        yield partial(sync.refresh_dispute, dispute.payment, dispute.stripe_id)
