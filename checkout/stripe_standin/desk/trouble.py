"""Trouble that the desk can make: faults, the clock, late or lost deliveries."""

from dataclasses import asdict
from typing import Any

from ..engine.api_world import ApiWorld
from ..protocol.faults import Fault, Faults
from ..webhooks import events
from ..world.deliveries import Delivery
from ..world.world import World
from .lookup import find


def fault(world: ApiWorld, **given: Any) -> Any:
    """Trouble for the next ``calls`` calls; see ``protocol/faults.py``."""
    world.faults.add(Fault(**given))
    return world.faults.as_dict()


def clear_faults(world: ApiWorld) -> Any:
    world.faults = Faults()
    return world.faults.as_dict()


def latency(world: ApiWorld, seconds: float) -> Any:
    """Every answer from now on is late by ``seconds``."""
    world.faults.latency_seconds = positive(seconds)
    return world.faults.as_dict()


def clock(world: World, seconds: float) -> Any:
    """Move the clock forward."""
    world.clock.move(positive(seconds))
    return {"now": world.clock.now(), "offset_seconds": world.clock.offset_seconds}


def positive(seconds: float) -> float:
    if float(seconds) < 0:
        raise ValueError("Seconds must not be negative.")
    return float(seconds)


def seed(world: World, seed: int | str | None = None) -> Any:
    """Draw ids from ``seed`` from now on; without one they are unguessable."""
    world.ids.reseed(seed)
    return {"seed": seed}


def reset(world: ApiWorld, endpoints: bool = False) -> Any:
    """Forget everything but the endpoints; with ``endpoints`` those too."""
    kept = [] if endpoints else list(world.store.newest("webhook_endpoint"))
    world.clear()
    for endpoint in reversed(kept):
        world.store.put(endpoint)
    return {"endpoints": len(kept)}


def forget_keys(world: ApiWorld) -> Any:
    """Prune the idempotency store, as Stripe may after a day."""
    world.answers.forget()
    return {}


def mischief(world: World) -> Any:
    return asdict(world.deliveries.mischief)


def drop(world: World, next: int = 0, all: bool = False, id: str = "") -> Any:
    """Lose deliveries: the one ``id``, the ``next`` n, or ``all`` from now on."""
    if id:
        delivery(world, id).status = "dropped"
    world.deliveries.mischief.drop_next = int(next)
    world.deliveries.mischief.drop_all = bool(all)
    return mischief(world)


def duplicate(world: World, next: int = 0, all: bool = False) -> Any:
    """Send the ``next`` n deliveries twice, or ``all`` of them."""
    world.deliveries.mischief.duplicate_next = int(next)
    world.deliveries.mischief.duplicate_all = bool(all)
    return mischief(world)


def delay(world: World, seconds: float) -> Any:
    """Send every delivery from now on late by ``seconds``."""
    world.deliveries.mischief.delay_seconds = positive(seconds)
    return mischief(world)


def hold(world: World, on: bool = True) -> Any:
    """Keep deliveries back until ``release``."""
    world.deliveries.mischief.hold = bool(on)
    return mischief(world)


def release(world: World, order: str = "shuffle") -> Any:
    """Let held deliveries go: ``fifo``, ``reverse`` or ``shuffle``."""
    world.deliveries.mischief.hold = False
    now, dice = world.clock.now(), world.ids.random
    gone = world.deliveries.release(now, order, dice)
    return {"released": [item.id for item in gone]}


def replay(world: World, id: str) -> Any:
    """Send the event (or the delivery's event) ``id`` again, to everyone."""
    known = world.deliveries.by_id.get(id)
    event = find(world, known.event if known else id)
    listening = reversed(list(world.store.newest("webhook_endpoint")))
    if known:
        listening = [find(world, known.endpoint)]  # type: ignore[assignment]
    sent = [events.resend(world, event, endpoint) for endpoint in listening]
    return {"deliveries": [item.id for item in sent]}


def delivery(world: World, id: str) -> Delivery:
    if id not in world.deliveries.by_id:
        raise LookupError(f"There is no delivery {id}.")
    return world.deliveries.by_id[id]
