"""Counts deliveries that Stripe did not sign.

A forged delivery must cost us next to nothing. So a process counts in memory and
writes to the database once in ``EVERY_SECONDS``.
"""

import logging
import threading
import time

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from ..models import RefusedDeliveries

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5.0
# The only row of its table.
PK = 1


class _Buffer:
    """What this process has counted since it last wrote to the database."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.count, self.written_at = 0, -EVERY_SECONDS

    def add(self) -> int:
        """Count one more; returns how many to write now, or 0."""
        with self.lock:
            self.count += 1
            now = time.monotonic()
            if now - self.written_at < EVERY_SECONDS:
                return 0
            due, self.count, self.written_at = self.count, 0, now
            return due


buffer = _Buffer()


def count() -> None:
    """Count one more. Writes at most once in ``EVERY_SECONDS``; never raises."""
    due = buffer.add()
    if not due:
        return
    try:
        _write(due)
    except DatabaseError:
        logger.exception("The number of refused deliveries was not written")


def _write(more: int) -> None:
    fields = {"count": F("count") + more, "last_at": timezone.now()}
    first = {"last_at": fields["last_at"]}
    RefusedDeliveries.objects.get_or_create(pk=PK, defaults=first)
    RefusedDeliveries.objects.filter(pk=PK).update(**fields)


def total() -> int:
    """How many were counted, without the last seconds of each process."""
    found = RefusedDeliveries.objects.filter(pk=PK).first()
    return found.count if found else 0
