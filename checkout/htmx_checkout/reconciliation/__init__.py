"""What is found when nobody has come back: Stripe is asked, and its answer kept.

Each step begins anew at each run and does nothing that is done already: it can
die anywhere, run twice at once, and be started by cron. With no webhook at all
two runs bring every order to where its money is.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import OperationalError

from .. import audit
from ..core.failpoints import Failpoint, reach
from ..exceptions import CheckoutError, GatewayError, StripeBusy, StripeUnreachable
from . import intents, others
from .summary import WINDOW, Acts, Summary

__all__ = ["STEPS", "WINDOW", "Summary", "run"]

logger = logging.getLogger(__name__)

STEPS: dict[str, Callable[[Summary, timedelta], Acts]] = {
    "events": others.events,
    "attempts": intents.attempts,
    "intents": intents.intents,
    "abandoned": intents.abandoned,
    "refunds": others.refunds_,
    "disputes": others.disputes,
    "effects": others.effects,
    "holds": others.holds,
    "books": others.books_,
}

Progress = Callable[[Iterable[Any], str], Iterable[Any]]


def run(
    *,
    dry_run: bool = False,
    window: timedelta = WINDOW,
    progress: Progress = lambda items, _name: items,
) -> Summary:
    """Go through everything once. Safe to repeat, and to run many times at once.

    ``dry_run`` asks Stripe and changes nothing here or there. Raises nothing for
    Stripe's silence: the step is named in ``unfinished``, and the next run comes.
    """
    summary = Summary(dry_run)
    with audit.by("reconcile"):
        for name, step in STEPS.items():
            with _whole(summary, name):
                for act in progress(step(summary, window), name):
                    reach(Failpoint.RECONCILING)
                    if not dry_run:
                        _do(summary, name, act)
    return summary


@contextmanager
def _whole(summary: Summary, name: str) -> Iterator[None]:
    """A step that cannot go on is named, and the next one begins."""
    try:
        yield
    except (GatewayError, OperationalError) as error:
        logger.warning("%s is left unfinished: %s", name, error)
        summary.unfinished.append(name)


def _do(summary: Summary, name: str, act: Callable[[], object]) -> None:
    """One thing; what fails for itself alone does not stop the others."""
    try:
        act()
    except (StripeUnreachable, StripeBusy, OperationalError):
        raise
    except CheckoutError as error:
        logger.warning("%s: %s", name, error)
        summary.counts[f"{name} refused"] += 1
    except Exception:
        logger.exception("%s failed", name)
        summary.unfinished.append(name)
