"""How often each thing has happened, and what must never happen."""

import threading
from collections import Counter
from collections.abc import Iterable


class Counts:
    """Counters under names, shared by threads; ``violations`` are told once each."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.numbers: Counter[str] = Counter()
        self.violations: dict[str, None] = {}
        # Amount, in minor units, and currency that the button said, by intent.
        self.agreed: dict[str, tuple[int, str]] = {}

    def add(self, name: str, number: int = 1) -> None:
        with self.lock:
            self.numbers[name] += number

    def violate(self, words: str) -> None:
        with self.lock:
            self.violations[words] = None

    def of(self, room: str) -> dict[str, int]:
        """All numbers whose name begins with ``room`` and a colon, without it."""
        with self.lock:
            return {
                name.partition(": ")[2]: number
                for name, number in sorted(self.numbers.items())
                if name.startswith(f"{room}: ")
            }

    def sum(self, *rooms: str) -> int:
        return sum(sum(self.of(room).values()) for room in rooms)

    def missing(self, names: Iterable[str]) -> list[str]:
        """Those that have never happened: what was not tried proves nothing."""
        with self.lock:
            return [name for name in names if not self.numbers[name]]
