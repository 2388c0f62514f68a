"""One time for the app, for Stripe and for all who sleep."""

import time
from datetime import timedelta

import time_machine

from stripe_standin.world.clock import ManualClock

BEGIN = 1_793_200_000.0


class Clock:
    """True time, which only goes on; the app's may differ from it by ``skew`` seconds.

    One for a process: from its making on, nobody there has another time.
    """

    def __init__(self) -> None:
        self.stripe = ManualClock(BEGIN)
        self.skew = 0.0
        self._travel = time_machine.travel(BEGIN, tick=False)
        self._app = self._travel.start()
        time.sleep = self.advance
        time.monotonic = lambda: self.stripe.time

    def begin(self, skew: float) -> None:
        """Back to the first second, for another history."""
        self.stripe.time, self.skew = BEGIN, skew
        self._move()

    @property
    def now(self) -> float:
        """True time, in Unix seconds."""
        return self.stripe.time

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass for everybody. What sleeps comes here."""
        self.stripe.advance(max(0.0, seconds))
        self._move()

    def set_skew(self, seconds: float) -> None:
        """Set the app's own clock, forward or back."""
        self.skew = seconds
        self._move()

    def spoken(self) -> str:
        return f"+{timedelta(seconds=round(self.now - BEGIN))}"

    def _move(self) -> None:
        self._app.move_to(self.stripe.time + self.skew)
