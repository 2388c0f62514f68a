"""Transactions that are tried again where the database asks for it."""

import random
import time
from collections.abc import Callable
from functools import wraps

from django.db import OperationalError, connection, transaction

TRIES = 5
WAIT_SECONDS = 0.05


def retried[**Given, Result](work: Callable[Given, Result]) -> Callable[Given, Result]:
    """Run ``work`` in a transaction of its own, and start it again if it has to be.

    A deadlock, a serialisation failure, a lock timeout, SQLite's "database is
    locked" and a lost connection are all ``OperationalError``; each leaves nothing
    behind. So ``work`` must do nothing that a rollback does not undo. There is one
    exception: if the answer to COMMIT itself is lost, the work may have been done,
    and is done again. It must then find what it has written. Raises the last error
    after five tries, which take about a second.

    Inside a caller's transaction it is tried once: only the caller can start that
    transaction again.
    """

    @wraps(work)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        for again in range(TRIES):
            try:
                with transaction.atomic():
                    return work(*args, **kwargs)
            except OperationalError:
                if again == TRIES - 1 or connection.in_atomic_block:
                    raise
                # One that was lost while Stripe was asked would fail each time.
                connection.close_if_unusable_or_obsolete()
                time.sleep(_pause_seconds(again))
        raise AssertionError("unreachable")

    return run


def _pause_seconds(again: int) -> float:
    longest: float = WAIT_SECONDS * 2**again
    return longest * random.uniform(0.5, 1)  # noqa: S311
