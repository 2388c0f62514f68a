"""I1 to I4, once all has healed: where money is at Stripe, and what we hold of it.

Starts from Stripe's own objects, and not from our rows: what we have lost must be
found too.
"""

from typing import Any

from htmx_checkout.reconciliation import ledger
from tests.simulation import rows
from tests.simulation.safety import fail
from tests.simulation.scene import Scene

STATUSES = {
    "requires_payment_method": "open",
    "requires_confirmation": "open",
    "requires_action": "action",
    "processing": "processing",
    "requires_capture": "authorised",
    "succeeded": "succeeded",
    "canceled": "cancelled",
}
REFUNDS = {"canceled": "cancelled", "requires_action": "action"}

PAYMENTS = """
    SELECT p.stripe_id, p.status, p.id, o.status, o.amount, o.currency
    FROM htmx_checkout_payment p JOIN htmx_checkout_order o ON o.id = p.order_id"""
INCIDENTS = """
    SELECT kind, subject, payment_id, closed_at, closed_by
    FROM htmx_checkout_incident"""
HOLDING = ("mismatch", "late", "given_up", "second", "stray", "refund_failed")


def look(scene: Scene) -> None:
    """Raise ``Violation`` unless everything is where it belongs."""
    payments = {row[0]: row for row in rows.select(PAYMENTS)}
    _money_is_somewhere(scene, payments)
    _intents_are_known(scene, payments)
    _refunds_are_known(scene)
    _disputes_are_known(scene)
    _nothing_is_left_undone()
    _told_once(scene)
    if found := ledger.violations():
        fail(f"the second checker disagrees: {found} (I1)")


def _money_is_somewhere(scene: Scene, payments: dict[str, Any]) -> None:
    """Each succeeded intent pays one order, went back, or is an open question."""
    incidents = rows.select(INCIDENTS)
    for intent in scene.objects("payment_intent"):
        if intent["status"] != "succeeded":
            continue
        money = (intent["amount_received"], intent["currency"])
        row = payments.get(intent["id"])
        if row and row[1] == "succeeded" and row[3] == "paid" and row[4:6] == money:
            scene.tally["money: pays its order"] += 1
            continue
        charge = scene.engine.store.by_id[intent["latest_charge"]]
        if charge["amount_captured"] == charge["amount_refunded"]:
            scene.tally["money: went back"] += 1
        elif _is_told(incidents, intent["id"], row):
            scene.tally["money: is told"] += 1
        else:
            fail(f"{intent['id']}: {money} is nowhere; here: {row} (I1)")


def _is_told(incidents: Any, stripe_id: str, row: Any) -> bool:
    return any(
        kind in HOLDING
        and (subject == stripe_id or (row and payment == row[2]))
        and (closed_at is None or closed_by)
        for kind, subject, payment, closed_at, closed_by in incidents
    )


def _intents_are_known(scene: Scene, payments: dict[str, Any]) -> None:
    for intent in scene.objects("payment_intent"):
        row, status = payments.get(intent["id"]), STATUSES[intent["status"]]
        if row is None:
            # Nobody else has its secret, and no money has come.
            if intent["id"] in scene.handed or (
                status == "succeeded" and intent["metadata"].get("attempt") != "99"
            ):
                fail(f"{intent['id']} is {status} at Stripe, and not here")
        elif row[1] != status and (row[1], status) != ("given_up", "succeeded"):
            fail(f"{intent['id']} is {row[1]} here, {status} at Stripe")


def _refunds_are_known(scene: Scene) -> None:
    sql = "SELECT stripe_id, status, amount, number FROM htmx_checkout_refund"
    here = {row[0]: row for row in rows.select(sql)}
    known = {
        row[0] for row in rows.select("SELECT stripe_id FROM htmx_checkout_payment")
    }
    for refund in scene.objects("refund"):
        row = here.pop(refund["id"], None)
        status = REFUNDS.get(refund["status"], refund["status"])
        if row is None and refund["payment_intent"] in known:
            fail(f"{refund['id']} is {status} at Stripe, and not here")
        if row is not None and row[1:3] != (status, refund["amount"]):
            fail(f"{refund['id']} is {row[1:3]} here, {status} at Stripe")
    for row in here.values():
        if row[1] != "failed":
            fail(f"the refund {row[3]} is {row[1]} here, and not at Stripe")


def _disputes_are_known(scene: Scene) -> None:
    here = dict(rows.select("SELECT stripe_id, status FROM htmx_checkout_dispute"))
    known = {
        row[0] for row in rows.select("SELECT stripe_id FROM htmx_checkout_payment")
    }
    names = {
        "needs_response": "open",
        "warning_needs_response": "inquiry",
        "warning_closed": "closed",
    }
    for dispute in scene.objects("dispute"):
        status = names.get(dispute["status"], dispute["status"])
        if dispute["payment_intent"] in known and here.get(dispute["id"]) != status:
            fail(f"{dispute['id']} is {here.get(dispute['id'])} here, {status} there")


UNDONE = {
    "a message": "SELECT name, subject, tries, error"
    " FROM htmx_checkout_outboxmessage WHERE done_at IS NULL AND parked_at IS NULL",
    "an event": "SELECT type, error FROM htmx_checkout_webhookevent"
    " WHERE done_at IS NULL AND parked_at IS NULL",
    "a refund": "SELECT number FROM htmx_checkout_refund WHERE status = 'creating'",
    "an attempt": "SELECT id FROM htmx_checkout_payment WHERE status = 'creating'",
    "a message parked without an incident": """
        SELECT f.name, f.subject FROM htmx_checkout_outboxmessage f
        WHERE f.parked_at IS NOT NULL AND f.name <> 'incident_opened' AND NOT EXISTS (
            SELECT 1 FROM htmx_checkout_incident e WHERE e.kind = 'parked_message'
            AND e.subject LIKE f.name || ':' || f.subject || ':%')""",
    "an order that nobody has paid for days": """
        SELECT o.id FROM htmx_checkout_order o WHERE o.status = 'open' AND NOT EXISTS (
            SELECT 1 FROM htmx_checkout_incident e WHERE e.order_id = o.id)""",
}


def _nothing_is_left_undone() -> None:
    for what, sql in UNDONE.items():
        if found := rows.select(sql):
            fail(f"{what} is left: {found}")


def _told_once(scene: Scene) -> None:
    """Whoever had to hear that an order is paid has heard it (I3, I4)."""
    sql = (
        "SELECT o.reference FROM htmx_checkout_order o"
        " JOIN htmx_checkout_outboxmessage f"
        " ON f.subject = o.reference AND f.name = 'order_paid'"
        " WHERE o.status = 'paid' AND f.done_at IS NOT NULL"
    )
    heard = rows.select(f"SELECT receiver, subject FROM {rows.HEARD}")
    for (reference,) in rows.select(sql):
        for receiver in ("pack", "mail"):
            if heard.count((receiver, reference)) != 1:
                fail(f"{receiver} has not heard of {reference} (I4)")
