"""Reads and writes the row of an event. What to do about it, ``process`` decides."""

import logging
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction

from ..core.failpoints import Failpoint, reach
from ..exceptions import EventUndecided
from ..models import WebhookEvent
from .parse import ParsedEvent

logger = logging.getLogger(__name__)

# The fields that an earlier delivery of the same event has set.
STATE = ("done_at", "parked_at", "tries")


def find_or_new(parsed: ParsedEvent, source: str, **fields: Any) -> WebhookEvent:
    """The event as an earlier delivery has stored it, or a new one. Not saved.

    ``fields`` are other fields of ``WebhookEvent``.
    """
    event = WebhookEvent(
        stripe_id=parsed.stripe_id,
        type=parsed.type,
        intent_id=parsed.intent,
        object_id=parsed.object_id,
        livemode=parsed.livemode,
        account=parsed.account,
        api_version=parsed.api_version,
        source=source,
        **fields,
    )
    stored = WebhookEvent.objects.filter(stripe_id=parsed.stripe_id)
    for state in stored.values_list(*STATE):
        event.done_at, event.parked_at, event.tries = state
    return event


def mark(event: WebhookEvent, outcome: str) -> None:
    """Store that the event is done, with the ``outcome`` in a word."""
    event.succeed()
    event.outcome = outcome
    _upsert(event)


def fail(event: WebhookEvent, error: Exception, *, counts: bool) -> None:
    """Store the event with its error, and park it after ``MAX_TRIES``.

    ``counts=False`` is for what Stripe or the database did not answer in time: an
    outage of hours must park nothing. Raises ``EventUndecided`` unless the event is
    parked, so that Stripe delivers it again.
    """
    event.outcome = ""
    said = f"{type(error).__name__}: {getattr(error, 'code', '')}"
    try:
        with transaction.atomic():
            event.fail(said, counts=counts)
            _upsert(event)
    except OperationalError:
        event.parked_at = None
        logger.warning("%s could not even be stored", event)
    reach(Failpoint.STORED)
    if event.parked_at is None:
        raise EventUndecided(f"{event.error} for {event.stripe_id}") from error


def unpark(event: WebhookEvent) -> None:
    """Let the reconciler, or Stripe's next delivery, try a parked event again."""
    WebhookEvent.objects.filter(pk=event.pk).unpark()


def _upsert(event: WebhookEvent) -> None:
    """Store the event once, even if another process stores it at the same time.

    One statement, and outside of a transaction no other one.
    """
    # Its primary key may be from a transaction that was rolled back.
    event.pk = None
    if not connection.in_atomic_block:
        with suppress(IntegrityError):
            event.save(force_insert=True)
            return
    event.pk = None
    WebhookEvent.objects.bulk_create(
        [event],
        update_conflicts=True,
        unique_fields=["stripe_id"],
        update_fields=["done_at", "outcome", "tries", "error", "parked_at"],
    )
