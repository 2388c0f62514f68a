"""The desk's actions by name. Those that play the bank stand here, the others in
``trouble.py``.

Each takes the world and the JSON body and returns JSON. ``LookupError`` is a
404, ``ValueError`` and ``TypeError`` are a 400.
"""

from collections.abc import Callable
from typing import Any

from ..charges import charges, disputes, refund_outcomes, refunds
from ..engine.api_world import ApiWorld
from ..intents import authentications, bank_debits, bank_redirects, captures
from ..protocol.errors import ApiError
from ..world.store import Object, public
from ..world.world import World
from . import trouble
from .lookup import find

Given = dict[str, Any]


def act(world: ApiWorld, name: str, given: Given) -> Any:
    """Do action ``name``. Raises ``LookupError`` when there is no such action."""
    if name not in ACTIONS:
        raise LookupError(f"No such action: {name}. There are {', '.join(ACTIONS)}.")
    try:
        return ACTIONS[name](world, **given)
    except ApiError as error:
        raise ValueError(str(error)) from error


def complete(world: World, id: str) -> Any:
    """The bank accepts a payment that is processing."""
    intent = find(world, id)
    bank_debits.complete(world, intent)
    return public(intent)


def fail(world: World, id: str, reason: str = "") -> Any:
    """The bank refuses a payment that is processing."""
    intent = find(world, id)
    bank_debits.fail(world, intent, reason)
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
    refund_outcomes.settle(world, item)
    return public(item)


def fail_refund(world: World, id: str, reason: str = "unknown") -> Any:
    """A refund comes back, even one that had succeeded."""
    item = find(world, id)
    refund_outcomes.fail(world, item, reason)
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
    return {"url": bank_redirects.finish(world, visit, outcome)}


def pending(world: World, id: str, kind: str) -> str:
    for item in world.store.newest(kind):
        if id == item["id"] or (id == item["intent"] and item["status"] == "open"):
            found: str = item["id"]
            return found
    raise LookupError(f"Nothing is open for {id}.")


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
        trouble.fault,
        trouble.clear_faults,
        trouble.latency,
        trouble.clock,
        trouble.seed,
        trouble.reset,
        trouble.forget_keys,
        trouble.drop,
        trouble.duplicate,
        trouble.delay,
        trouble.hold,
        trouble.release,
        trouble.replay,
    )
}
