"""A circuit breaker: who has heard that Stripe does not answer need not ask.

    closed      calls pass; FAILURES unknown outcomes in a row open it
    open        no call passes, for about OPEN_SECONDS
    half-open   one call at a time passes, as a probe; its success closes it

The state lives in Django's default cache. With a shared one it is one for all
processes and survives a worker's restart; with Django's own default, memory, it is
one for each process. A cache that fails stops no payment: it counts as closed.

The road not taken: pybreaker 1.4.1 holds its lock during the whole call, so that a
process could only make one at a time; circuitbreaker 2.1.3 keeps its state in one
process and, half-open, lets everybody through at once.
"""

import logging
import random
import threading
from collections.abc import Callable
from functools import wraps

from django.core.cache import BaseCache, caches

logger = logging.getLogger(__name__)

FAILURES = 5
# Counted from the first failure, so that it opens late rather than wrongly. (A
# cache in a database or in files starts its own five minutes with each failure.)
WINDOW_SECONDS = 60
# More or less 20 %, so that processes with caches of their own do not come back
# to Stripe in the same moment.
OPEN_SECONDS = 15
JITTER = 0.2
# Longer than a call may take: whoever died as a probe, or came back with neither
# success nor failure, leaves its place after this.
PROBE_SECONDS = 15
# How long an open circuit waits for a probe until it is forgotten.
REMEMBERED_SECONDS = 3600

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half-open"

# The number of failures in a row. From FAILURES on the circuit is not closed, so
# that one look is enough while all is well.
COUNT = "htmx_checkout.circuit_breaker.count"
# There while the circuit is open, and while a probe is under way. The cache lets
# them go in time, so no two machines' clocks have to agree.
RESTING = "htmx_checkout.circuit_breaker.resting"
PROBING = "htmx_checkout.circuit_breaker.probing"

# What this thread saw in `allows`: so a success knows, without another look,
# whether there is anything to clear away.
_seen = threading.local()


def _whatever_the_cache_does[**Given, Result](
    otherwise: Result,
) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Answer ``otherwise`` where the cache raises."""

    def guarded(ask: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(ask)
        def asked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            try:
                return ask(*args, **kwargs)
            except Exception as error:
                # Not its words: they may hold the cache's password.
                logger.warning("The breaker's cache failed: %s", type(error).__name__)
                return otherwise

        return asked

    return guarded


@_whatever_the_cache_does(True)
def allows() -> bool:
    """May a call be made now? Half-open, a yes takes the place of the probe.

    One look into the cache while the circuit is closed. Report the outcome of the
    call in the same thread. Raises nothing.
    """
    cache = caches["default"]
    _seen.failures = 0
    _seen.failures = cache.get(COUNT, 0)
    if _seen.failures < FAILURES:
        return True
    if cache.get(RESTING):
        return False
    return cache.add(PROBING, True, PROBE_SECONDS)


@_whatever_the_cache_does(None)
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


@_whatever_the_cache_does(None)
def failed() -> None:
    """Nobody knows what became of a call: count it. Raises nothing."""
    cache = caches["default"]
    cache.add(COUNT, 0, WINDOW_SECONDS)
    if cache.incr(COUNT) >= FAILURES:
        _open(cache)


def _open(cache: BaseCache) -> None:
    # `touch`, since `set` could bring back what a success has just cleared away.
    cache.touch(COUNT, REMEMBERED_SECONDS)
    seconds = OPEN_SECONDS * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    # `add`: the calls that were under way do not prolong it as they fail too.
    if cache.add(RESTING, True, seconds):
        logger.warning("Stripe does not answer: circuit open for %.0f s.", seconds)
    # The next probe's place is free, whoever had it.
    cache.delete(PROBING)


@_whatever_the_cache_does(CLOSED)
def state() -> str:
    """``CLOSED``, ``OPEN`` or ``HALF_OPEN``; takes no probe's place."""
    cache = caches["default"]
    if cache.get(COUNT, 0) < FAILURES:
        return CLOSED
    return OPEN if cache.get(RESTING) else HALF_OPEN
