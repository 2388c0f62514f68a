"""One transaction, tried again where the database asks for it."""

import random
import time
from collections.abc import Callable

from django.db import OperationalError, connection, transaction

TRIES = 5
WAIT_SECONDS = 0.05


def run[Result](work: Callable[[], Result]) -> Result:
    """Run ``work`` in a transaction of its own, from the top if it has to be.

    A deadlock, a serialisation failure, a lock that was not to be had in time,
    SQLite's "database is locked" and a connection that was lost are all
    ``OperationalError``; each leaves nothing behind. So ``work`` must do nothing
    that a rollback does not undo. Only where the answer to COMMIT itself is lost
    has it been done, perhaps, and is done again: it must find what it has written.
    Raises the last one after five tries, which take about a second.

    Inside a caller's transaction it is tried once: only the caller can start
    that one over.
    """
    for again in range(TRIES):
        try:
            with transaction.atomic():
                return work()
        except OperationalError:
            if again == TRIES - 1 or connection.in_atomic_block:
                raise
            # One that was lost while Stripe was asked would fail each time.
            connection.close_if_unusable_or_obsolete()
            time.sleep(WAIT_SECONDS * 2**again * random.uniform(0.5, 1))  # noqa: S311
    raise AssertionError("unreachable")
