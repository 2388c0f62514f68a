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

# For the whole call: waiting for a place, both tries, and the pause between them.
BUDGET_SECONDS = 12
# The longest that one try takes: a second to connect, five to answer. If less is
# left of the budget there is no repeat.
TRY_SECONDS = 6
# Before the repeat, at most; half of it at least.
PAUSE_SECONDS = 0.5
# Calls at once in one process. With gunicorn's eight threads, two are left for pages
# that do not call Stripe.
AT_ONCE = 6
# How long a thread waits for one of these places: enough for fifty requests at once
# whose calls take a tenth of a second. When all calls hang, it is soon free again.
WAIT_SECONDS = 1

_places = threading.BoundedSemaphore(AT_ONCE)


class Verdict(StrEnum):
    """What an error says about Stripe, and about a repeat."""

    # Stripe is busy: 429, or 409 for a key in flight. The circuit breaker does not
    # count it: a 409 can result from a timeout that was just counted.
    REPEAT = "repeat"
    # A timeout, a 5xx, a broken answer: the outcome is unknown.
    UNKNOWN = "unknown"
    # An answer. A repeat would get the same one.
    FINAL = "final"


class NotCalled(Exception):
    """Nothing was sent, so nothing has happened. Do not raise directly."""


class CircuitOpen(NotCalled):
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
        # Not earlier: the circuit may have opened while this call waited.
        if not circuit_breaker.allows():
            raise CircuitOpen("circuit open")
        try:
            return _tried(call, verdict)
        except Exception as error:
            if not _comes_again(verdict(error), deadline):
                raise
            # The caller never sees this error, and its message may hold secrets.
            name, request_id = type(error).__name__, getattr(error, "request_id", None)
            logger.warning("Repeated after %s, request %s", name, request_id)
        # Outside of the except block, so that a second error does not hold the first.
        return _tried(call, verdict)
    finally:
        _places.release()


def _take_a_place() -> None:
    if _places.acquire(blocking=False):
        return
    # With an open circuit a place would be of no use.
    if circuit_breaker.state() == circuit_breaker.OPEN:
        raise CircuitOpen("circuit open")
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Crowded(f"{AT_ONCE} calls are under way")


def _tried[Result](
    call: Callable[[], Result], verdict: Callable[[Exception], Verdict]
) -> Result:
    """Make the call, and report to the breaker whether Stripe has answered."""
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
    """Pause, and return True; or return False if a repeat is useless or too late."""
    pause = PAUSE_SECONDS * random.uniform(0.5, 1)  # noqa: S311
    left = deadline - time.monotonic() - pause
    # A probe is one try: the breaker refuses its repeat.
    if said == Verdict.FINAL or left < TRY_SECONDS or not circuit_breaker.allows():
        return False
    time.sleep(pause)
    return True
