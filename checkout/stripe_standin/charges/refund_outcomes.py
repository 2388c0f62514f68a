"""What becomes of a refund: it arrives, fails, or is given back to the charge.

Source: https://docs.stripe.com/refunds (failed and pending refunds).
"""

from typing import Any

from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import balance


def count(charge: Object, amount: int) -> None:
    """Add to what was refunded; a failed refund is counted back."""
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] >= charge["amount_captured"]


def book(world: World, refund: Object, charge: Object) -> None:
    balance.catch_up(world, charge)
    type = "refund" if refund["id"].startswith("re_") else "payment_refund"
    booked = balance.post(world, type, "refund", -refund["amount"], refund)
    refund["balance_transaction"] = booked["id"]


def settle(world: World, refund: Object) -> None:
    """A pending refund arrives. Repeating it changes nothing."""
    if refund["status"] not in {"pending", "requires_action"}:
        return
    previous = {"status": refund["status"]}
    refund["status"], refund["pending_reason"] = "succeeded", None
    refund["next_action"] = None
    tell(world, refund, previous)


def fail(world: World, refund: Object, reason: str = "unknown") -> None:
    """The bank sends it back: also possible after it had succeeded."""
    if refund["status"] in {"failed", "canceled"}:
        return
    previous = {"status": refund["status"]}
    refund["status"], refund["failure_reason"] = "failed", reason
    give_back(world, refund, "refund_failure")
    tell(world, refund, previous)
    events.emit(world, "refund.failed", refund)


def give_back(world: World, refund: Object, type: str) -> None:
    charge = world.store.by_id[refund["charge"]]
    count(charge, -refund["amount"])
    booked = balance.post(world, type, type, refund["amount"], refund)
    refund["failure_balance_transaction"] = booked["id"]
    refund["pending_reason"] = refund["next_action"] = None


def tell(world: World, refund: Object, previous: dict[str, Any]) -> None:
    events.emit(world, "refund.updated", refund, previous)
    events.emit(world, "charge.refund.updated", refund, previous)
