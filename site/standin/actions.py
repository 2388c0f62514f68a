"""What the desk can do, one function per action, by the action's name.

Each takes the world and the JSON body and returns JSON. ``LookupError`` is a
404, ``ValueError`` and ``TypeError`` are a 400.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from standin import (
    authentications,
    captures,
    charges,
    debits,
    disputes,
    events,
    redirects,
    refunds,
)
from standin.deliveries import Delivery
from standin.errors import ApiError
from standin.faults import Fault, Faults
from standin.store import Object, public
from standin.world import World

Given = dict[str, Any]


def act(world: World, name: str, given: Given) -> Any:
    """Do action ``name``. Raises ``LookupError`` when there is none such."""
    if name not in ACTIONS:
        raise LookupError(f"No such action: {name}. There are {', '.join(ACTIONS)}.")
    try:
        return ACTIONS[name](world, **given)
    except ApiError as error:
        raise ValueError(str(error)) from error


def find(world: World, id: str) -> Object:
    item = world.store.find(id)
    if item is None:
        raise LookupError(f"There is no {id}.")
    return item


def complete(world: World, id: str) -> Any:
    """The bank accepts a payment that is processing."""
    intent = find(world, id)
    debits.complete(world, intent)
    return public(intent)


def fail(world: World, id: str, reason: str = "") -> Any:
    """The bank refuses a payment that is processing."""
    intent = find(world, id)
    debits.fail(world, intent, reason)
    return public(intent)


def charge_of(world: World, id: str) -> Object:
    item = find(world, id)
    if item["object"] == "payment_intent":
        item = find(world, item["latest_charge"] or "charge yet")
    return item


def refund(
    world: World, id: str, amount: int | None = None, reason: str | None = None
) -> Any:
    """Refund a payment from Stripe's side; ``id`` names intent or charge."""
    charge = charge_of(world, id)
    refunds.check(world, charge)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = left if amount is None else int(amount)
    if not 0 < amount <= left:
        raise ValueError(f"There are {left} left to refund.")
    return public(refunds.make(world, charge, amount, reason=reason))


def settle_refund(world: World, id: str) -> Any:
    """A pending refund arrives."""
    item = find(world, id)
    refunds.settle(world, item)
    return public(item)


def fail_refund(world: World, id: str, reason: str = "unknown") -> Any:
    """A refund comes back, even one that had succeeded."""
    item = find(world, id)
    refunds.fail(world, item, reason)
    return public(item)


def dispute(
    world: World, id: str, reason: str = "fraudulent", inquiry: bool = False
) -> Any:
    """The shopper's bank disputes a captured charge."""
    charge = charge_of(world, id)
    if charge["object"] != charges.KIND or not charge["captured"]:
        raise ValueError("Only a captured charge can be disputed.")
    return public(disputes.open_(world, charge, reason, inquiry=inquiry))


def decide_dispute(world: World, id: str, status: str) -> Any:
    """The bank decides: ``won``, ``lost`` or ``warning_closed``."""
    if status not in {"won", "lost", "warning_closed"}:
        raise ValueError("A dispute is won, lost or warning_closed.")
    item = find(world, id)
    disputes.decide(world, item, status)
    return public(item)


def expire_hold(world: World, id: str) -> Any:
    """An authorisation lapses."""
    intent = find(world, id)
    captures.expire_hold(world, intent)
    return public(intent)


def authenticate(world: World, id: str, outcome: str = "complete") -> Any:
    """Answer the challenge ``id``, or the open one of the intent ``id``."""
    challenge = pending(world, id, "challenge")
    return public(authentications.finish(world, challenge, outcome))


def bank(world: World, id: str, outcome: str = "authorize") -> Any:
    """Answer the bank's page ``id``, or the open one of the intent ``id``."""
    visit = pending(world, id, "bank_redirect")
    return {"url": redirects.finish(world, visit, outcome)}


def pending(world: World, id: str, kind: str) -> str:
    for item in world.store.newest(kind):
        if id == item["id"] or (id == item["intent"] and item["status"] == "open"):
            found: str = item["id"]
            return found
    raise LookupError(f"Nothing is open for {id}.")


def fault(world: World, **given: Any) -> Any:
    """Trouble for the next ``calls`` calls; see ``standin.faults``."""
    world.faults.add(Fault(**given))
    return world.faults.as_dict()


def clear_faults(world: World) -> Any:
    world.faults = Faults()
    return world.faults.as_dict()


def latency(world: World, seconds: float) -> Any:
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


def reset(world: World, endpoints: bool = False) -> Any:
    """Forget everything but the endpoints; with ``endpoints`` those too."""
    kept = [] if endpoints else list(world.store.newest("webhook_endpoint"))
    world.clear()
    for endpoint in reversed(kept):
        world.store.put(endpoint)
    return {"endpoints": len(kept)}


def forget_keys(world: World) -> Any:
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


ACTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        complete,
        fail,
        refund,
        settle_refund,
        fail_refund,
        dispute,
        decide_dispute,
        expire_hold,
        authenticate,
        bank,
        fault,
        clear_faults,
        latency,
        clock,
        seed,
        reset,
        forget_keys,
        drop,
        duplicate,
        delay,
        hold,
        release,
        replay,
    )
}
