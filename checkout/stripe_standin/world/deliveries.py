"""Webhook deliveries: one event on its way to one endpoint.

At least once and in no promised order; when the desk asks, dropped, doubled,
delayed, or held back and shuffled. ``webhooks/retries.py`` says what follows
from an endpoint's answer.
"""

from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

OPEN = frozenset(("waiting", "held", "sending"))


@dataclass(slots=True)
class Delivery:
    """``status``: waiting, held, sending, delivered, failed or dropped.

    ``due`` is in Unix seconds of the engine's clock. ``payload`` is rendered
    once; only the signature is made anew for every attempt.
    """

    id: str
    event: str
    event_type: str
    endpoint: str
    url: str
    payload: bytes
    due: float
    status: str = "waiting"
    attempts: int = 0
    manual: bool = False
    answers: list[int | None] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.status in OPEN

    def as_dict(self) -> dict[str, Any]:
        shown = asdict(self)
        del shown["payload"]
        return shown


@dataclass(slots=True)
class Mischief:
    """What happens to deliveries that are queued from now on."""

    drop_next: int = 0
    drop_all: bool = False
    duplicate_next: int = 0
    duplicate_all: bool = False
    delay_seconds: float = 0.0
    hold: bool = False


class Deliveries:
    def __init__(self) -> None:
        self.by_id: dict[str, Delivery] = {}
        self.by_event: dict[str, list[Delivery]] = {}
        # Those that may still have to go; cleared of the others while looking.
        self.active: dict[str, Delivery] = {}
        self.mischief = Mischief()

    def add(self, delivery: Delivery, *, twin_id: str) -> None:
        """Queue ``delivery``, or do to it what the desk asked for."""
        mischief = self.mischief
        delivery.due += mischief.delay_seconds
        delivery.status = "held" if mischief.hold else "waiting"
        self.enter(delivery)
        if mischief.drop_all or mischief.drop_next > 0:
            mischief.drop_next -= 0 if mischief.drop_all else 1
            delivery.status = "dropped"
        elif mischief.duplicate_all or mischief.duplicate_next > 0:
            mischief.duplicate_next -= 0 if mischief.duplicate_all else 1
            self.enter(copy(delivery, twin_id))

    def enter(self, delivery: Delivery) -> None:
        """Take ``delivery`` in as it is, past all mischief."""
        self.by_id[delivery.id] = self.active[delivery.id] = delivery
        self.by_event.setdefault(delivery.event, []).append(delivery)

    def due(self, now: float) -> list[Delivery]:
        """Those to be posted now, earliest first. Does not mark them."""
        ripe = [item for item in self.waiting() if item.due <= now]
        return sorted(ripe, key=lambda delivery: delivery.due)

    def waiting(self) -> list[Delivery]:
        for id in [id for id, item in self.active.items() if not item.open]:
            del self.active[id]
        return [item for item in self.active.values() if item.status == "waiting"]

    def next_due(self) -> float | None:
        return min((item.due for item in self.waiting()), default=None)

    def of_event(self, event_id: str) -> list[Delivery]:
        return self.by_event.get(event_id, [])

    def release(self, now: float, order: str, dice: Random) -> list[Delivery]:
        """Let held deliveries go: ``fifo``, ``reverse`` or ``shuffle``."""
        held = [item for item in self.active.values() if item.status == "held"]
        if order == "reverse":
            held.reverse()
        elif order == "shuffle":
            dice.shuffle(held)
        elif order != "fifo":
            raise ValueError("The order is fifo, reverse or shuffle.")
        for delivery in held:
            delivery.status, delivery.due = "waiting", now
            # Those that are due at the same time go in the order they stand here.
            self.active[delivery.id] = self.active.pop(delivery.id)
        return held

    def stop(self, endpoint_id: str) -> None:
        """Give up what is still on its way to a deleted or disabled endpoint."""
        for delivery in self.active.values():
            if delivery.endpoint == endpoint_id and delivery.open:
                delivery.status = "failed"


def copy(delivery: Delivery, id: str, **changes: Any) -> Delivery:
    twin = Delivery(**{name: getattr(delivery, name) for name in Delivery.__slots__})
    twin.id, twin.attempts, twin.answers = id, 0, []
    for name, value in changes.items():
        setattr(twin, name, value)
    return twin
