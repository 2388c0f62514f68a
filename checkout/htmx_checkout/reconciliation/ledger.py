"""The ledger: checks in plain SQL that all money adds up.

It shares no code with what settles, so that one mistake does not hide another. It
uses only the tables, and runs on SQLite and PostgreSQL.
"""

from datetime import datetime
from typing import Any

from django.db import connection

# What Stripe counts as given back.
_AWAY = "('pending', 'action', 'succeeded')"
_DEAD = "('cancelled', 'given_up')"
# Money in no order that has an incident, open or closed by a person.
_HELD = """EXISTS (
    SELECT 1 FROM htmx_checkout_incident e
    WHERE e.payment_id = p.id AND (e.closed_at IS NULL OR e.closed_by <> '')
      AND e.kind IN ('mismatch', 'late', 'given_up', 'second', 'refund_failed'))"""
_REFUNDED = f"""COALESCE((
    SELECT SUM(r.amount) FROM htmx_checkout_refund r
    WHERE r.payment_id = p.id AND r.status IN {_AWAY}), 0)"""
_PAYS = """(p.status = 'succeeded' AND o.status = 'paid'
    AND p.amount_received = o.amount AND p.currency = o.currency)"""
_PAYMENTS = "htmx_checkout_payment p JOIN htmx_checkout_order o ON o.id = p.order_id"

# Each selects rows that must not exist. {since} limits it to the orders of a time.
CHECKS: dict[str, str] = {
    "money that is in no order, no refund and no incident": f"""
        SELECT p.stripe_id FROM {_PAYMENTS}
        WHERE p.amount_received > 0 AND NOT {_PAYS} AND NOT {_HELD}
          AND p.amount_received <> {_REFUNDED} AND {{since}}""",
    "a paid order that is not paid by exactly one payment": f"""
        SELECT o.reference FROM htmx_checkout_order o
        WHERE o.status = 'paid' AND 1 <> (
            SELECT COUNT(*) FROM htmx_checkout_payment p
            WHERE p.order_id = o.id AND {_PAYS}) AND {{since}}""",
    "a paid order that no outbox message tells of": """
        SELECT o.reference FROM htmx_checkout_order o
        WHERE o.status = 'paid' AND NOT EXISTS (
            SELECT 1 FROM htmx_checkout_outboxmessage f
            WHERE f.name = 'order_paid' AND f.subject = o.reference) AND {since}""",
    "an order that an outbox message calls paid, and it is not": """
        SELECT o.reference FROM htmx_checkout_order o
        WHERE o.status <> 'paid' AND EXISTS (
            SELECT 1 FROM htmx_checkout_outboxmessage f
            WHERE f.name = 'order_paid' AND f.subject = o.reference) AND {since}""",
    "an order with two payments that could be paid": f"""
        SELECT o.reference FROM htmx_checkout_order o
        WHERE 1 < (
            SELECT COUNT(*) FROM htmx_checkout_payment p
            WHERE p.order_id = o.id AND p.status NOT IN {_DEAD}) AND {{since}}""",
    "a payment whose refunds do not add up": f"""
        SELECT p.stripe_id FROM {_PAYMENTS}
        WHERE p.amount_refunded <> {_REFUNDED} AND {{since}}""",
    "a payment with more paid back than came": f"""
        SELECT p.stripe_id FROM {_PAYMENTS}
        WHERE p.amount_received < {_REFUNDED} AND {{since}}""",
    "an order whose audit log ends in another status": """
        SELECT o.reference FROM htmx_checkout_order o
        JOIN htmx_checkout_auditentry m ON m.id = (
            SELECT MAX(l.id) FROM htmx_checkout_auditentry l
            WHERE l.order_id = o.id AND l.what = 'order')
        WHERE m.after <> o.status AND {since}""",
}

# Per mode and currency: received money, less refunds, is what the paid orders
# hold and what the incidents hold.
_EQUATION = f"""
    SELECT o.livemode, p.currency,
        SUM(p.amount_received - {_REFUNDED}) AS held,
        SUM(CASE WHEN {_PAYS} THEN o.amount - {_REFUNDED} ELSE 0 END) AS orders,
        SUM(CASE WHEN NOT {_PAYS} AND {_HELD}
            THEN p.amount_received - {_REFUNDED} ELSE 0 END) AS incidents
    FROM {_PAYMENTS} WHERE p.amount_received > 0 AND {{since}}
    GROUP BY o.livemode, p.currency"""


def violations(since: datetime | None = None) -> list[str]:
    """A sentence for each thing that is wrong; empty if all adds up.

    ``since`` limits it to orders that were made then or later. Reads only.
    """
    found = [
        f"{name}: {row[0]}" for name, sql in CHECKS.items() for row in _rows(sql, since)
    ]
    for livemode, currency, held, orders, incidents in _rows(_EQUATION, since):
        if held != orders + incidents:
            mode = "live" if livemode else "test"
            found.append(
                f"{mode} {currency}: {held} held, {orders} in orders,"
                f" {incidents} in incidents"
            )
    return found


def _rows(sql: str, since: datetime | None) -> list[tuple[Any, ...]]:
    narrowed = "1 = 1" if since is None else "o.created_at >= %s"
    with connection.cursor() as cursor:
        cursor.execute(sql.format(since=narrowed), [] if since is None else [since])
        return list(cursor.fetchall())
