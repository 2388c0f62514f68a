"""What must hold at moments of their own: a page was shown, an event was answered."""

from typing import Any

from tests.simulation import rows
from tests.simulation.safety import fail
from tests.simulation.scene import Scene

# Who never pays, although money may have come.
STATES_OF_NO_MONEY = {"declined", "unpaid", "cancelled"}


def state(scene: Scene, token: str, shown: str, began: float) -> None:
    """What a status page says is never a guess (I14).

    ``began`` is when it was asked for, and 0 where others were at work meanwhile.
    """
    facts = "SELECT reference, amount, currency FROM htmx_checkout_order"
    sql = f"{facts} WHERE token = '{token}'"
    ((reference, amount, currency),) = rows.select(sql)
    money = _money_of(scene, reference)
    if shown in ("paid", "refunded") and (amount, currency) not in money.values():
        fail(f"{reference} is shown as {shown}; at Stripe: {money} (I14)")
    if shown == "refunded":
        _has_gone_back(scene, reference)
    if shown not in STATES_OF_NO_MONEY or not began:
        return
    for intent in money:
        since = max(scene.paid_since.get(intent, began), scene.skew_since)
        if began - since > 1.5 and _is_kept(scene, intent):
            fail(f"{reference} is shown as {shown}, {intent} is paid (I14)")


def _has_gone_back(scene: Scene, reference: str) -> None:
    """The money that paid the order was sent back, and not only some other money."""
    sql = (
        "SELECT p.stripe_id FROM htmx_checkout_payment p JOIN htmx_checkout_order o"
        " ON o.id = p.order_id WHERE p.status = 'succeeded'"
        f" AND o.reference = '{reference}'"
    )
    for (intent,) in rows.select(sql):
        back = [r for r in scene.objects("refund") if r["payment_intent"] == intent]
        came = scene.engine.store.by_id[intent]["amount_received"]
        if sum(refund["amount"] for refund in back) < came:
            fail(f"{reference} is shown as refunded, {intent} is kept (I14)")


def _money_of(scene: Scene, reference: str) -> dict[str, tuple[int, str]]:
    """What Stripe has received for an order, by intent."""
    return {
        i["id"]: (i["amount_received"], i["currency"])
        for i in scene.objects("payment_intent")
        if i["status"] == "succeeded"
        and i["metadata"].get("order") == reference
        and i["metadata"].get("attempt") != "99"
    }


def _is_kept(scene: Scene, intent: str) -> bool:
    charge = scene.engine.store.by_id[scene.engine.store.by_id[intent]["latest_charge"]]
    return bool(charge["amount_captured"] > charge["amount_refunded"])


def accepted(scene: Scene, delivery: Any) -> None:
    """A delivery that was answered 200 is stored, and dealt with or parked (I5)."""
    sql = (
        "SELECT 1 FROM htmx_checkout_webhookevent"
        " WHERE (done_at IS NOT NULL OR parked_at IS NOT NULL)"
        f" AND stripe_id = '{delivery.event}'"
    )
    if not rows.select(sql):
        fail(f"{delivery.event_type} was answered 200 and is not dealt with (I5)")


def ledger(scene: Scene, summary: Any) -> None:
    """The second checker agrees, whenever it looks."""
    if summary.violations:
        fail(f"the second checker disagrees: {summary.violations}")
