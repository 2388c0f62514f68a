"""The named points at which a process can die, and what recovers from it there.

Each is between two things that cannot be done at once: a commit, a call to Stripe, an
answer to the caller. ``reach`` does nothing in production; a test
watches it, to die there or to let another request run first. Whoever adds a step
between two of them adds a failpoint.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple


class Failpoint(StrEnum):
    # --- Starting a payment: plan, ask, keep. The shopper's next try continues; the
    # reconciler does if there is none.
    PLANNING = "the key is written, not committed"
    PLANNED = "the key is stored, Stripe is not asked yet"
    ASKED = "Stripe has answered, nothing is kept"
    KEEPING = "the answer is written, not committed"
    KEPT = "the answer is kept, the shopper has not got it"
    # --- Settling. Return, poll, webhook and reconciler all do the same.
    FETCHED = "Stripe's answer is read, nothing is kept"
    SETTLING = "Stripe's answer is written, not committed"
    SETTLED = "Stripe's answer is kept, nobody was answered"
    # --- Webhooks. Stripe delivers again, the reconciler fetches.
    VERIFIED = "an event is verified, nothing is stored"
    STORED = "an event is stored that could not be applied"
    # --- The outbox. Another worker, or the reconciler, delivers.
    DELIVERING = "a message is due, no receiver was called"
    HEARD = "a receiver was called, its note is not committed"
    DELIVERED = "all were called, the worker does not know yet"
    # --- Refunds, captures, cancellations. The reconciler repeats the key.
    REFUND_PLANNED = "the refund's key is stored, Stripe is not asked yet"
    REFUND_ASKED = "Stripe has the refund, nothing is kept"
    REFUND_KEPT = "the refund is kept, nobody was answered"
    CANCEL_ASKED = "Stripe has cancelled, nothing is kept"
    CAPTURE_ASKED = "Stripe has captured, nothing is kept"
    # --- The reconciler. The next run begins anew; nothing is done twice.
    RECONCILING = "between two things that the reconciler looks at"


class Stops(NamedTuple):
    """The failpoints on the way of one answer of Stripe's into the database."""

    asked: Failpoint
    keeping: Failpoint
    kept: Failpoint


SETTLE = Stops(Failpoint.FETCHED, Failpoint.SETTLING, Failpoint.SETTLED)
START = Stops(Failpoint.ASKED, Failpoint.KEEPING, Failpoint.KEPT)
CANCEL = Stops(Failpoint.CANCEL_ASKED, Failpoint.SETTLING, Failpoint.SETTLED)
CAPTURE = Stops(Failpoint.CAPTURE_ASKED, Failpoint.SETTLING, Failpoint.SETTLED)
REFUND = Stops(Failpoint.REFUND_ASKED, Failpoint.SETTLING, Failpoint.REFUND_KEPT)

Watcher = Callable[[Failpoint], None]
watchers: list[Watcher] = []


def reach(stop: Failpoint) -> None:
    """Say that ``stop`` is reached. Costs nothing while nobody watches."""
    for watch in watchers:
        watch(stop)
