"""A circuit breaker: stops calling Stripe for a while after repeated failures.

    closed      calls pass; FAILURES unknown outcomes in a row open it
    open        no call passes, for about OPEN_SECONDS
    half-open   one call at a time passes, as a probe; its success closes it

The state is kept in Django's default cache. A shared cache gives all processes one
state, which survives a restart; Django's own default, memory, gives each process its
own. When the cache fails, the circuit counts as closed, so that payments go on.

Why no package: pybreaker 1.4.1 holds its lock during the whole call, so that a
process could make only one at a time; circuitbreaker 2.1.3 keeps its state in one
process and lets all calls through when half-open.
"""

import logging
import random
import threading
from collections.abc import Callable
from functools import wraps

from django.core.cache import BaseCache, caches

logger = logging.getLogger(__name__)

FAILURES = 5
# Failures are counted for this long from the first one, so that the circuit opens
# late rather than wrongly. (A cache in a database or in files starts its own five
# minutes with each failure.)
WINDOW_SECONDS = 60
# Plus or minus 20 %, so that processes with caches of their own do not all call
# Stripe again in the same moment.
OPEN_SECONDS = 15
JITTER = 0.2
# Longer than a call may take. After this, another call may be the probe: the last
# one may have died, or ended with neither success nor failure.
PROBE_SECONDS = 15
# An open circuit that nobody probes is forgotten after this.
REMEMBERED_SECONDS = 3600

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half-open"

# The number of failures in a row. The circuit is closed while it is below FAILURES,
# so a closed circuit costs one read of the cache.
COUNT = "htmx_checkout.circuit_breaker.count"
# These exist while the circuit is open, and while a probe is under way. The cache
# expires them, so machines' clocks need not agree.
RESTING = "htmx_checkout.circuit_breaker.resting"
PROBING = "htmx_checkout.circuit_breaker.probing"

# The count that this thread read in `allows`: tells `succeeded`, without another
# read, whether there is anything to delete.
_seen = threading.local()


def _without_the_cache[**Given, Result](
    otherwise: Result,
) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Decorator: return ``otherwise`` when the cache raises."""

    def guarded(ask: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(ask)
        def asked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            try:
                return ask(*args, **kwargs)
            except Exception as error:
                # Without its message, which may hold the cache's password.
                logger.warning("The breaker's cache failed: %s", type(error).__name__)
                return otherwise

        return asked

    return guarded


@_without_the_cache(True)
def allows() -> bool:
    """True if a call may be made now. In a half-open circuit that makes it the probe.

    Reads the cache once while the circuit is closed. The outcome of the call must be
    reported in the same thread. Raises nothing.
    """
    cache = caches["default"]
    _seen.failures = 0
    _seen.failures = cache.get(COUNT, 0)
    if _seen.failures < FAILURES:
        return True
    if cache.get(RESTING):
        return False
    return cache.add(PROBING, True, PROBE_SECONDS)


@_without_the_cache(None)
def succeeded() -> None:
    """Stripe has answered: close the circuit. Raises nothing; safe to repeat.

    Writes nothing where ``allows`` saw no failure.
    """
    failures = getattr(_seen, "failures", 0)
    if not failures:
        return
    caches["default"].delete_many([COUNT, RESTING])
    if failures >= FAILURES:
        logger.warning("Stripe answers again: the circuit is closed.")


@_without_the_cache(None)
def failed() -> None:
    """Count a call whose outcome is unknown. Raises nothing."""
    cache = caches["default"]
    cache.add(COUNT, 0, WINDOW_SECONDS)
    if cache.incr(COUNT) >= FAILURES:
        _open(cache)


def _open(cache: BaseCache) -> None:
    # `touch`, since `set` could bring back a count that a success has just deleted.
    cache.touch(COUNT, REMEMBERED_SECONDS)
    seconds = OPEN_SECONDS * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    # `add`, so that calls which were under way and fail too do not prolong it.
    if cache.add(RESTING, True, seconds):
        logger.warning("Stripe does not answer: circuit open for %.0f s.", seconds)
    # If this was the probe that failed, the next one may start when the time is up.
    cache.delete(PROBING)


@_without_the_cache(CLOSED)
def state() -> str:
    """``CLOSED``, ``OPEN`` or ``HALF_OPEN``. Only reads: no call becomes the probe."""
    cache = caches["default"]
    if cache.get(COUNT, 0) < FAILURES:
        return CLOSED
    return OPEN if cache.get(RESTING) else HALF_OPEN
