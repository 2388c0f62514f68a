"""The engine's clock: a given clock, plus the seconds the desk has added."""

from collections.abc import Callable


class Clock:
    """Unix seconds from ``read``, shifted by :meth:`move`."""

    def __init__(self, read: Callable[[], float]) -> None:
        self.read = read
        self.offset_seconds = 0.0

    def now(self) -> float:
        return self.read() + self.offset_seconds

    def seconds(self) -> int:
        """The whole second, as Stripe writes ``created``."""
        return int(self.now())

    def move(self, seconds: float) -> None:
        """Shift the clock forward for good.

        Raises ``ValueError`` for a step back: timers and cursors rely on time
        that does not return.
        """
        if seconds < 0:
            raise ValueError("The clock only moves forward.")
        self.offset_seconds += seconds


class ManualClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, start: float = 1_793_200_000.0) -> None:
        self.time = start

    def __call__(self) -> float:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += seconds
