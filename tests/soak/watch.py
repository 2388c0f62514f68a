"""What must hold at any moment, asked past all doors while everything burns."""

import threading
import traceback
from typing import Any

from .scene import Scene
from .staff import SIGN

# Each names rows that must never be there, whatever was killed a moment ago.
NEVER = {
    "two payments kept for one order": """
        SELECT p.order_id FROM htmx_checkout_payment p
        WHERE p.amount_received > p.amount_refunded AND NOT EXISTS (
            SELECT 1 FROM htmx_checkout_incident e
            WHERE e.payment_id = p.id AND e.closed_at IS NULL)
        GROUP BY p.order_id HAVING COUNT(*) > 1""",
    "a paid order without its money": """
        SELECT o.reference FROM htmx_checkout_order o
        WHERE o.status = 'paid' AND NOT EXISTS (
            SELECT 1 FROM htmx_checkout_payment p
            WHERE p.order_id = o.id AND p.status = 'succeeded'
              AND p.amount_received = o.amount AND p.currency = o.currency)""",
    "heard twice by one receiver": """
        SELECT receiver || ' ' || subject FROM soak_heard
        GROUP BY receiver, subject HAVING COUNT(*) > 1""",
    "heard as paid, and not paid": """
        SELECT h.subject FROM soak_heard h JOIN htmx_checkout_order o
            ON o.reference = h.subject
        WHERE h.receiver IN ('fulfil', 'stumble') AND o.status <> 'paid'""",
    "packed, and not paid": """
        SELECT c.reference FROM shop_parcel c
        LEFT JOIN htmx_checkout_order o USING (reference)
        WHERE o.status IS DISTINCT FROM 'paid'""",
    "more paid back than came": """
        SELECT p.stripe_id FROM htmx_checkout_payment p
        JOIN htmx_checkout_refund r ON r.payment_id = p.id
        WHERE r.status IN ('pending', 'action', 'succeeded')
        GROUP BY p.id HAVING SUM(r.amount) > p.amount_received""",
    "one wish for a refund, and several refunds": f"""
        SELECT wanted_by FROM htmx_checkout_refund WHERE wanted_by LIKE '{SIGN}%'
        GROUP BY wanted_by HAVING COUNT(*) > 1""",
    "an incident about nothing": """
        SELECT kind || ' ' || subject || ': ' || detail FROM htmx_checkout_incident
        WHERE kind IN ('unpaid_there', 'stray', 'mismatch', 'wrong_side', 'ledger',
            'parked_event', 'parked_message', 'hold_expiring')""",
    "a transaction that stays open while something else is waited for (I12)": """
        SELECT LEFT(query, 100) FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'
            AND NOW() - state_change > INTERVAL '4 seconds'""",
    "one policy's refund, made twice": """
        SELECT payment_id FROM htmx_checkout_refund
        WHERE wanted_by = 'policy' AND status <> 'failed'
        GROUP BY payment_id HAVING COUNT(*) > 1""",
}
PAID = """
    SELECT o.reference, o.amount, o.currency, p.stripe_id
    FROM htmx_checkout_order o JOIN htmx_checkout_payment p ON p.order_id = o.id
    WHERE o.status = 'paid' AND p.status = 'succeeded'"""


class Watch(threading.Thread):
    """Looks every few seconds, and remembers what was paid once."""

    def __init__(self, scene: Scene, pause_seconds: float = 3) -> None:
        super().__init__(daemon=True)
        self.scene, self.pause_seconds = scene, pause_seconds
        self.standin = scene.desk()
        self.paid: set[str] = set()
        self.stopping = threading.Event()

    def run(self) -> None:
        with self.scene.database.connect() as door:
            while not self.stopping.wait(self.pause_seconds):
                try:
                    self.look(door)
                except Exception:
                    words = f"The watch stumbled: {traceback.format_exc()}"
                    self.scene.counts.violate(words)

    def close(self) -> None:
        self.stopping.set()
        self.join()

    def look(self, door: Any) -> None:
        """One look at everything."""
        counts = self.scene.counts
        for name, sql in NEVER.items():
            for (row,) in door.execute(sql).fetchall():
                counts.violate(f"{name}: {row}")
        now = {row[0]: row for row in door.execute(PAID).fetchall()}
        for reference in self.paid - set(now):
            counts.violate(f"was paid once, and is not any more: {reference} (I7)")
        for reference in set(now) - self.paid:
            self._ask_stripe(*now[reference])
        self.paid |= set(now)
        counts.add("looks: of the watch")

    def _ask_stripe(
        self, reference: str, amount: int, currency: str, stripe_id: str
    ) -> None:
        """A paid order rests on money that is there."""
        intent = self.standin.object(stripe_id)
        there = (
            intent.get("status"),
            intent.get("amount_received"),
            intent.get("currency"),
        )
        if there != ("succeeded", amount, currency):
            words = f"{reference} is paid with {amount} {currency}"
            self.scene.counts.violate(f"{words}; at Stripe {stripe_id} is {there} (I1)")
