"""What must hold soon after the last fault: all that Stripe has, we have, and back."""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from .programs import ROOT
from .scene import Scene

AWAY = ("pending", "requires_action", "succeeded")
# Stripe's words for a refund and a dispute, and ours.
REFUNDS = {"requires_action": "action", "canceled": "cancelled"}
DISPUTES = {
    "needs_response": "open",
    "under_review": "review",
    "won": "won",
    "lost": "lost",
}
Rows = list[tuple[Any, ...]]

UNFINISHED = {
    "an event is not dealt with": """
        SELECT stripe_id FROM htmx_checkout_webhookevent
        WHERE done_at IS NULL AND parked_at IS NULL""",
    "a message is neither done nor parked": """
        SELECT name || ' ' || subject FROM htmx_checkout_outboxmessage
        WHERE done_at IS NULL AND parked_at IS NULL""",
    "a message is parked, and nobody was told": """
        SELECT f.name || ' ' || f.subject FROM htmx_checkout_outboxmessage f
        WHERE f.parked_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM htmx_checkout_incident e WHERE e.kind = 'parked_message'
              AND e.subject LIKE f.name || ':' || f.subject || '%')""",
    "a refund is planned, and not made": """
        SELECT number FROM htmx_checkout_refund WHERE status = 'creating'""",
    "a paid order was not heard once by each": """
        SELECT o.reference FROM htmx_checkout_order o WHERE o.status = 'paid' AND (
            SELECT COUNT(*) FROM soak_heard h WHERE h.subject = o.reference) <> 2""",
    "a paid order has no parcel": """
        SELECT o.reference FROM htmx_checkout_order o WHERE o.status = 'paid'
            AND o.reference NOT IN (SELECT reference FROM shop_parcel)""",
    "money was paid back, and nobody heard": """
        SELECT stripe_id FROM htmx_checkout_refund WHERE status = 'succeeded'
            AND stripe_id NOT IN (
                SELECT subject FROM soak_heard WHERE receiver = 'pay_back')""",
}
PAYMENTS = """
    SELECT p.stripe_id, p.status, p.amount_received, p.currency,
        o.reference, o.status, o.amount, o.currency,
        EXISTS (SELECT 1 FROM htmx_checkout_incident e
                WHERE e.payment_id = p.id AND e.closed_at IS NULL)
    FROM htmx_checkout_payment p JOIN htmx_checkout_order o ON o.id = p.order_id
    WHERE p.stripe_id IS NOT NULL"""
STRAYS = """
    SELECT subject FROM htmx_checkout_incident
    WHERE kind = 'stray' AND closed_at IS NULL"""


class Harmony:
    """Compares the whole of Stripe with the whole of the database."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.standin = scene, scene.desk()
        self.violations = ledger(scene)

    def wait(self, seconds: float) -> tuple[float, list[str]]:
        """Seconds until nothing is out of tune, and what still is after ``seconds``."""
        began = time.monotonic()
        while True:
            found = self.discord()
            took = time.monotonic() - began
            if not found or took > seconds:
                return took, found
            time.sleep(0.5)

    def discord(self) -> list[str]:
        """A sentence for each thing that does not fit yet."""
        with self.scene.database.connect() as door:
            found = [
                f"{name}: {row[0]}"
                for name, sql in UNFINISHED.items()
                for row in door.execute(sql).fetchall()
            ]
            found += self._money(door)
            found += self._refunds(door)
            found += self._disputes(door)
        return found + self.violations()

    def _money(self, door: Any) -> list[str]:
        """Each succeeded intent: one paid order, or paid back, or an incident."""
        held = defaultdict(list)
        for row in door.execute(PAYMENTS).fetchall():
            held[row[0]].append(row)
        strays = {row[0] for row in door.execute(STRAYS).fetchall()}
        back: dict[str, int] = defaultdict(int)
        for refund in self.standin.all("refunds"):
            if refund["status"] in AWAY:
                back[refund["payment_intent"]] += refund["amount"]
        found, paying = [], defaultdict(int)
        for intent in self.standin.all("payment_intents"):
            found += self._agreed(intent)
            if intent["status"] != "succeeded":
                continue
            rows = held[intent["id"]]
            if len(rows) == 1 and (order := _pays(rows[0], intent)):
                paying[order] += 1
            elif not self._is_known(intent, rows, strays, back[intent["id"]]):
                found.append(f"nobody knows whose money this is: {intent['id']}")
        orders = door.execute(
            "SELECT reference FROM htmx_checkout_order WHERE status='paid'"
        )
        paid = {row[0] for row in orders.fetchall()}
        found += [f"paid by nothing: {order}" for order in paid - set(paying)]
        found += [f"paid twice: {order}" for order, n in paying.items() if n > 1]
        return found

    def _agreed(self, intent: dict[str, Any]) -> list[str]:
        """What was charged is what the button said (I8)."""
        agreed = self.scene.counts.agreed.get(intent["id"])
        charged = (intent["amount_received"], intent["currency"])
        if agreed is None or agreed == charged:
            return []
        return [f"{intent['id']}: agreed were {agreed}, charged were {charged} (I8)"]

    def _is_known(
        self, intent: dict[str, Any], rows: Rows, strays: set[str], back: int
    ) -> bool:
        if not rows:
            return intent["id"] in strays
        is_excepted = rows[0][8]
        return len(rows) == 1 and (is_excepted or back == intent["amount_received"])

    def _refunds(self, door: Any) -> list[str]:
        sql = "SELECT stripe_id, amount, status FROM htmx_checkout_refund"
        held = {row[0]: row[1:] for row in door.execute(sql).fetchall()}
        return [
            f"refund {there['id']} is {there['status']}, here {held.get(there['id'])}"
            for there in self.standin.all("refunds")
            if held.get(there["id"])
            != (there["amount"], REFUNDS.get(there["status"], there["status"]))
        ]

    def _disputes(self, door: Any) -> list[str]:
        sql = "SELECT stripe_id, status FROM htmx_checkout_dispute"
        held = dict(door.execute(sql).fetchall())
        return [
            f"dispute {there['id']} is {there['status']}, here {held.get(there['id'])}"
            for there in self.standin.all("disputes")
            if held.get(there["id"]) != DISPUTES[there["status"]]
        ]


def _pays(row: tuple[Any, ...], intent: dict[str, Any]) -> str:
    """The order that this intent has paid; "" if it has paid none."""
    came = (intent["amount_received"], intent["currency"])
    fits = came == (row[2], row[3]) == (row[6], row[7])
    pays = row[1] == "succeeded" and row[5] == "paid" and fits
    return str(row[4]) if pays else ""


def ledger(scene: Scene) -> Callable[[], list[str]]:
    """The second checker of the app itself, on a connection past all doors."""
    os.environ.update(scene.env | {"DATABASE_URL": scene.database.url})
    sys.path += [str(ROOT / "checkout"), str(ROOT / "site")]
    import django

    django.setup()
    from django.db import connection

    from htmx_checkout.reconciliation.ledger import violations

    def found() -> list[str]:
        try:
            return [f"ledger: {violation}" for violation in violations()]
        finally:
            connection.close()

    return found
