"""Numbers of what leaves no row of its own: refused deliveries, above all.

A forged delivery must cost us next to nothing, or it is a lever. So a process
counts in memory, and writes its count down once in a while.
"""

import logging
import threading
import time

from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from ..models import Tally

logger = logging.getLogger(__name__)

REFUSED = "webhook_refused"
EVERY_SECONDS = 5.0

_lock = threading.Lock()
_counts: dict[str, int] = {}
_written_at: dict[str, float] = {}


def count(name: str) -> None:
    """One more of ``name``. Writes at most once in ``EVERY_SECONDS``; never raises."""
    with _lock:
        _counts[name] = _counts.get(name, 0) + 1
        now = time.monotonic()
        if now - _written_at.get(name, -EVERY_SECONDS) < EVERY_SECONDS:
            return
        _written_at[name], waiting = now, _counts.pop(name)
    try:
        _write(name, waiting)
    except DatabaseError:
        logger.exception("The tally of %s was not written", name)


def _write(name: str, more: int) -> None:
    facts = {"count": F("count") + more, "last_at": timezone.now()}
    if not Tally.objects.filter(name=name).update(**facts):
        Tally.objects.get_or_create(name=name, defaults={"last_at": timezone.now()})
        Tally.objects.filter(name=name).update(**facts)


def total(name: str) -> int:
    """How many of ``name`` were counted, but for the last seconds of each process."""
    found = Tally.objects.filter(name=name).first()
    return found.count if found else 0
