"""What one run of the reconciler did, and how far back it looks."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ..models import Incident

# What is younger is in somebody's hands: a call lasts twelve seconds at most. Not
# much more than twice that: a minute after the last fault all has to fit again, and
# the work of a process that was killed waits for this and for the next run.
YOUNG = timedelta(seconds=30)
# Stripe delivers for three days. What was created before is asked for one by one.
WINDOW = timedelta(hours=72)

# A step yields what it would do, one thing at a time.
Acts = Iterator[Callable[[], object]]


@dataclass(slots=True)
class Summary:
    """What one run did (or would do): counts by name, and what is left."""

    dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    # Steps that Stripe or the database did not let finish.
    unfinished: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.unfinished and not self.violations

    def as_dict(self) -> dict[str, Any]:
        return {
            "dry_run": self.dry_run,
            "counts": dict(sorted(self.counts.items())),
            "unfinished": self.unfinished,
            "violations": self.violations,
            "open_incidents": Incident.objects.filter(closed_at=None).count(),
        }
