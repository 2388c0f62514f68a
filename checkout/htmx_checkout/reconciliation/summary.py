"""What a run of the reconciler did."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..models import Incident

# A step yields functions, one for each thing to do; a dry run does not call them.
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
