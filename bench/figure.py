"""One measured number, and the most it may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` in ``unit``; ``budget`` is the most it may be, None for no promise."""

    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def holds(self) -> bool:
        return self.budget is None or self.value <= self.budget

    def __str__(self) -> str:
        promise = "" if self.budget is None else f"  (at most {self.budget:g})"
        broken = "" if self.holds else "  BROKEN"
        return f"{self.name:<58}{self.value:>10.7g} {self.unit}{promise}{broken}"
