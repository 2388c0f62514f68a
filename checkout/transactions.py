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
    and SQLite's "database is locked" are all ``OperationalError``; each leaves
    nothing behind. So ``work`` must do nothing that a rollback does not undo.
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
            time.sleep(WAIT_SECONDS * 2**again * random.uniform(0.5, 1))  # noqa: S311
    raise AssertionError("unreachable")
