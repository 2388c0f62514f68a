"""Compares what is stored here with Stripe, and makes up for what was missed.

Each step starts over at each run and does nothing that is done already: a run can
die anywhere, two can run at once, and cron can start them. Without any webhook, two
runs bring every order to where its money is.

events, intents, refunds, disputes   compare with Stripe
outbox                               delivers messages that are overdue
ledger, discrepancies                check the money in plain SQL, and report
summary                              what a run did
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
from . import discrepancies, disputes, events, intents, outbox, refunds
from .limits import WINDOW
from .summary import Acts, Summary

__all__ = ["STEPS", "WINDOW", "Progress", "Summary", "run"]

logger = logging.getLogger(__name__)

STEPS: dict[str, Callable[[Summary, timedelta], Acts]] = {
    "events": events.events,
    "attempts": intents.attempts,
    "intents": intents.intents,
    "abandoned": intents.abandoned,
    "refunds": refunds.refunds,
    "disputes": disputes.disputes,
    "outbox": outbox.messages,
    "holds": intents.holds,
    "ledger": discrepancies.discrepancies,
}

Progress = Callable[[Iterable[Any], str], Iterable[Any]]


def run(
    *,
    dry_run: bool = False,
    window: timedelta = WINDOW,
    progress: Progress = lambda items, _name: items,
) -> Summary:
    """Run every step once. Safe to repeat, and to run many times at once.

    ``dry_run`` asks Stripe and changes nothing here or there. Raises nothing when
    Stripe does not answer: the step is listed in ``unfinished``, for the next run.
    ``progress`` wraps the things that a step goes through, with the step's name.
    """
    summary = Summary(dry_run)
    with audit.by("reconcile"):
        for name, step in STEPS.items():
            with _until_it_fails(summary, name):
                for act in progress(step(summary, window), name):
                    reach(Failpoint.RECONCILING)
                    if not dry_run:
                        _do(summary, name, act)
    return summary


@contextmanager
def _until_it_fails(summary: Summary, name: str) -> Iterator[None]:
    """List a step that cannot go on as unfinished, so that the next one begins."""
    try:
        yield
    except (GatewayError, OperationalError) as error:
        logger.warning("%s is left unfinished: %s", name, error)
        summary.unfinished.append(name)


def _do(summary: Summary, name: str, act: Callable[[], object]) -> None:
    """Do one thing; if it alone fails, the step goes on with the others."""
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
