"""One measured number, and the most or the least that it may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` in ``unit``; ``budget`` is the most it may be, ``floor`` the least.

    None for either is no promise.
    """

    name: str
    value: float
    unit: str
    budget: float | None = None
    floor: float | None = None

    @property
    def holds(self) -> bool:
        is_low = self.budget is None or self.value <= self.budget
        return is_low and (self.floor is None or self.value >= self.floor)

    def __str__(self) -> str:
        promise = "" if self.budget is None else f"  (at most {self.budget:g})"
        promise += "" if self.floor is None else f"  (at least {self.floor:g})"
        broken = "" if self.holds else "  BROKEN"
        return f"{self.name:<58}{self.value:>10.7g} {self.unit}{promise}{broken}"
