"""The named points at which a process can die, and what takes it up again.

Each is a place between two things that cannot be done at once: a commit, a call
to Stripe, an answer to the one who asked. ``reach`` does nothing in production; a
test watches it, to die there or to let another request overtake. Whoever adds a
step between two of them adds a stop.
"""

from collections.abc import Callable
from enum import StrEnum


class Failpoint(StrEnum):
    # --- The till: plan, ask, keep. The shopper's next try takes it up; the
    # reconciler does when there is none.
    PLANNING = "the key is written, not committed"
    PLANNED = "the key is stored, Stripe is not asked yet"
    ASKED = "Stripe has answered, nothing is kept"
    KEEPING = "the answer is written, not committed"
    KEPT = "the answer is kept, the shopper has not got it"
    # --- Settling. Any of the others settles: return, poll, webhook, reconciler.
    FETCHED = "the truth is read, nothing is kept"
    SETTLING = "the truth is written, not committed"
    SETTLED = "the truth is kept, nobody was answered"
    # --- Webhooks. Stripe delivers again, the reconciler fetches.
    VERIFIED = "an event is verified, nothing is stored"
    STORED = "an event is stored that could not be applied"
    # --- The outbox. Another worker, or the reconciler, delivers.
    DELIVERING = "a message is due, no receiver was called"
    HEARD = "a receiver has heard, its note is not committed"
    DELIVERED = "all have heard, the worker does not know yet"
    # --- Refunds, captures, cancellations. The reconciler repeats the key.
    REFUND_PLANNED = "the refund's key is stored, Stripe is not asked yet"
    REFUND_ASKED = "Stripe has the refund, nothing is kept"
    REFUND_KEPT = "the refund is kept, nobody was answered"
    CANCEL_ASKED = "Stripe has cancelled, nothing is kept"
    CAPTURE_ASKED = "Stripe has captured, nothing is kept"
    # --- The reconciler. The next run begins anew; nothing is done twice.
    RECONCILING = "between two things that the reconciler looks at"


Watcher = Callable[[Failpoint], None]
watchers: list[Watcher] = []


def reach(stop: Failpoint) -> None:
    """Say that ``stop`` is reached. Costs nothing while nobody watches."""
    for watch in watchers:
        watch(stop)
