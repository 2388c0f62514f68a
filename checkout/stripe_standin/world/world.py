"""Everything that the stand-in remembers, and the clock and dice it uses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .clock import Clock, ManualClock
from .deliveries import Deliveries
from .ids import Ids
from .store import Object, Store
from .timers import Timers

Observer = Callable[["World", str, Object], None]

BASE_URL = "http://127.0.0.1:12111"


class Cause(Protocol):
    """The API call that makes something happen, as its events name it."""

    request_id: str
    idempotency_key: str


@dataclass(slots=True)
class Pace:
    """How long the banks take, in seconds of the engine's clock."""

    bank_debit: float = 4.0
    slow_bank_debit: float = 180.0
    refund: float = 5.0
    balance: float = 1.0
    hold: float = 7 * 24 * 3600.0


class World:
    """The account: objects, events, deliveries, clock and ids.

    Nothing in it is thread-safe; whoever shares it between threads holds a
    lock (``stripe_standin.shell`` does).
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] | None = None,
        ids: Ids | None = None,
        api_version: str,
        base_url: str = BASE_URL,
        pace: Pace | None = None,
    ) -> None:
        self.clock = Clock(clock or ManualClock())
        self.ids = ids or Ids()
        self.base_url = base_url.rstrip("/")
        self.api_version = api_version
        self.pace = pace or Pace()
        self.observers: list[Observer] = []
        self.clear()

    def clear(self) -> None:
        """Forget every object, timer and delivery; keep the settings."""
        self.store = Store()
        self.timers = Timers()
        self.deliveries = Deliveries()
        self.current: Cause | None = None

    def now(self) -> int:
        return self.clock.seconds()

    def after(self, seconds: float, name: str, item: Object) -> None:
        """Do ``name`` to ``item`` once ``seconds`` have passed."""
        self.timers.add(self.clock.now() + seconds, name, item["id"])
