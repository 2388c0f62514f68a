"""Makes calls with a concurrency limit, a time budget, one retry, a circuit breaker.

Knows nothing of Stripe. The caller gives the call, which has to be safe to repeat
with the same idempotency key, and sorts its errors into three kinds.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from enum import StrEnum

from . import circuit_breaker

logger = logging.getLogger(__name__)

# For the whole call: the wait for a place, both tries, and the pause between them.
BUDGET_SECONDS = 12
# The longest that one try takes: a second to connect, five to answer. If less is
# left of the budget there is no repeat.
TRY_SECONDS = 6
# Before the repeat, at most; half of it at least.
PAUSE_SECONDS = 0.5
# Calls at once in one process. Two of gunicorn's eight threads are left for pages
# that need no Stripe.
AT_ONCE = 6
# How long a thread waits for one of these places. Enough for fifty requests at once
# with calls of a tenth of a second; and when all places hang, the thread is soon
# free again for other pages.
WAIT_SECONDS = 1

_places = threading.BoundedSemaphore(AT_ONCE)


class Verdict(StrEnum):
    """What an error says about Stripe, and about a repeat."""

    # Stripe answers that it is busy: 429, or 409 for a key in flight. Not counted by
    # the breaker: a 409 may come right after the timeout that it results from.
    REPEAT = "repeat"
    # A timeout, a 5xx, a broken answer: the outcome is unknown.
    UNKNOWN = "unknown"
    # An answer. A repeat would have the same one.
    FINAL = "final"


class NotCalled(Exception):
    """Nothing was sent, so nothing has happened. Do not raise directly."""


class Refused(NotCalled):
    """The circuit is open."""


class Crowded(NotCalled):
    """All places were taken for WAIT_SECONDS."""


def make[Result](
    call: Callable[[], Result], verdict: Callable[[Exception], Verdict]
) -> Result:
    """Make ``call``, and once more if ``verdict`` on its error says so.

    Raises ``NotCalled`` before anything was sent, or the last error of ``call`` as
    it was. Takes BUDGET_SECONDS at most, given that a try takes TRY_SECONDS.
    """
    deadline = time.monotonic() + BUDGET_SECONDS
    _take_a_place()
    try:
        # Here, since the circuit may have opened while this call had to wait.
        if not circuit_breaker.allows():
            raise Refused("circuit open")
        return _made(call, verdict, deadline)
    finally:
        _places.release()


def _take_a_place() -> None:
    if _places.acquire(blocking=False):
        return
    # With an open circuit a place would be of no use.
    if circuit_breaker.state() == circuit_breaker.OPEN:
        raise Refused("circuit open")
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Crowded(f"{AT_ONCE} calls are under way")


def _made[Result](
    call: Callable[[], Result], verdict: Callable[[Exception], Verdict], deadline: float
) -> Result:
    try:
        return _tried(call, verdict)
    except Exception as error:
        if not _comes_again(verdict(error), deadline):
            raise
        # The caller never sees this error. Its message may hold secrets: not logged.
        request_id = getattr(error, "request_id", None)
        logger.warning(
            "Asked again after %s, request %s", type(error).__name__, request_id
        )
    # Outside of the except block, so that a second error has no first one in it.
    return _tried(call, verdict)


def _tried[Result](
    call: Callable[[], Result], verdict: Callable[[Exception], Verdict]
) -> Result:
    """Make the call, and tell the breaker whether Stripe has answered."""
    try:
        result = call()
    except Exception as error:
        said = verdict(error)
        if said == Verdict.UNKNOWN:
            circuit_breaker.failed()
        elif said == Verdict.FINAL:
            circuit_breaker.succeeded()
        raise
    circuit_breaker.succeeded()
    return result


def _comes_again(said: Verdict, deadline: float) -> bool:
    """Wait before the repeat; False at once if it is useless or there is no time."""
    pause = PAUSE_SECONDS * random.uniform(0.5, 1)  # noqa: S311
    left = deadline - time.monotonic() - pause
    # A probe is one try: the breaker refuses its repeat.
    if said == Verdict.FINAL or left < TRY_SECONDS or not circuit_breaker.allows():
        return False
    time.sleep(pause)
    return True
