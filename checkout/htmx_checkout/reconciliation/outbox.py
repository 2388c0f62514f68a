"""Outbox messages that are overdue: their worker died, or there is none."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from ..models import OutboxMessage
from ..outbox import deliver
from .limits import MIN_AGE
from .summary import Acts, Summary


def messages(summary: Summary, window: timedelta) -> Acts:
    """Deliver what should have been delivered."""
    overdue = OutboxMessage.objects.waiting().filter(
        due_at__lt=timezone.now() - MIN_AGE
    )
    for message in overdue:
        summary.counts["messages delivered"] += 1
        yield partial(deliver.deliver, message.pk)
