"""What must hold after every step, read from rows and from Stripe's own store.

Nothing of the app is used here: not its models, not its tables of moves.
"""

import re
from collections import Counter, defaultdict
from typing import Any

from tests.simulation import logs, rows
from tests.simulation.scene import Scene, Violation

# Written anew, and not imported: two that share a table agree on the same mistake.
ORDER_MOVES = {
    ("open", "processing"),
    ("open", "paid"),
    ("open", "cancelled"),
    ("processing", "open"),
    ("processing", "paid"),
    ("processing", "cancelled"),
    ("cancelled", "paid"),
}
FINAL = {"succeeded", "cancelled"}
MOVING = {"open", "action", "processing", "authorised"}
SECRETS = re.compile(
    r"_secret_[A-Za-z0-9]{8}|sk_test_standin|whsec_standin|/(?:status|return)/[\w-]{16}"
)

ORDERS = (
    "SELECT id, reference, status, amount, currency, shopper FROM htmx_checkout_order"
)
PAYMENTS = (
    "SELECT id, order_id, status, stripe_id, amount_received, amount_refunded, currency"
    " FROM htmx_checkout_payment"
)
MOVES = "SELECT * FROM htmx_checkout_auditentry ORDER BY id"
EVENTS = (
    "SELECT stripe_id, type, intent_id, object_id, outcome"
    " FROM htmx_checkout_webhookevent WHERE done_at IS NOT NULL"
)
PROMISED = """
    SELECT p.stripe_id FROM htmx_checkout_payment p WHERE p.amount_received < (
        SELECT COALESCE(SUM(r.amount), 0) FROM htmx_checkout_refund r
        WHERE r.payment_id = p.id AND r.wanted_by <> 'stripe'
        AND r.status IN ('creating', 'pending', 'action', 'succeeded'))"""
HEARD = f"SELECT receiver, name, subject, COUNT(*) FROM {rows.HEARD} GROUP BY 1, 2, 3"


def fail(text: str) -> None:
    raise Violation(text)


def look(scene: Scene) -> None:
    """Look at everything that must hold at each moment; raise ``Violation``."""
    orders, payments = rows.select(ORDERS), rows.select(PAYMENTS)
    intents = scene.objects("payment_intent")
    _note_paid(scene, intents)
    _orders_are_paid_there(orders, payments, intents)
    _one_intent_can_be_paid(scene, intents)
    _what_was_agreed_is_charged(scene, intents)
    _nothing_is_paid_back_twice(scene)
    _statuses_move_forward(scene, orders, payments)
    _history_is_whole(scene, orders, payments)
    _events_are_applied(scene, payments)
    _nobody_hears_twice(scene, orders)
    _no_secret_is_logged()


def _note_paid(scene: Scene, intents: list[dict[str, Any]]) -> None:
    for intent in intents:
        if intent["status"] == "succeeded":
            scene.paid_since.setdefault(intent["id"], scene.clock.now)


def _orders_are_paid_there(orders: Any, payments: Any, intents: Any) -> None:
    """Every paid order has its whole amount at Stripe, by one payment of its own."""
    there = {i["id"]: i for i in intents if i["status"] == "succeeded"}
    by_order = defaultdict(list)
    for _pk, order, status, stripe_id, *_ in payments:
        if status == "succeeded" and stripe_id in there:
            by_order[order].append(there[stripe_id])
    for pk, reference, status, amount, currency, _shopper in orders:
        money = [(i["amount_received"], i["currency"]) for i in by_order[pk]]
        if status == "paid" and money.count((amount, currency)) != 1:
            fail(f"{reference} is paid, for {amount} {currency}; at Stripe: {money}")


def _one_intent_can_be_paid(scene: Scene, intents: Any) -> None:
    """No two intents of one order can be paid by anybody, or were paid (I2)."""
    live = Counter(
        i["metadata"].get("order")
        for i in intents
        if i["id"] in scene.handed and i["status"] != "canceled"
    )
    for order, count in live.items():
        if count > 1:
            fail(f"{order} has {count} intents that a browser can pay (I2)")
    made = Counter(
        (i["metadata"].get("order"), i["metadata"].get("attempt"))
        for i in intents
        if i["metadata"].get("attempt") != "99"
    )
    if twice := [attempt for attempt, count in made.items() if count > 1]:
        fail(f"more than one intent for one attempt: {twice} (I2)")


def _what_was_agreed_is_charged(scene: Scene, intents: Any) -> None:
    if scene.profile.capture_method == "manual":
        return
    for intent in intents:
        agreed = scene.agreed.get(intent["id"])
        if intent["status"] != "succeeded" or intent["id"] in scene.edited:
            continue
        if agreed and agreed != (intent["amount_received"], intent["currency"]):
            fail(
                f"{intent['id']}: {agreed} agreed,"
                f" {intent['amount_received']} taken (I8)"
            )


def _nothing_is_paid_back_twice(scene: Scene) -> None:
    numbers = Counter(
        r["metadata"]["refund"] for r in scene.objects("refund") if r["metadata"]
    )
    if twice := [number for number, count in numbers.items() if count > 1]:
        fail(f"paid back twice: {twice}")
    if over := rows.select(PROMISED):
        fail(f"more is promised than came: {over}")
    for charge in scene.objects("charge"):
        if charge["captured"] and charge["amount_refunded"] > charge["amount_captured"]:
            fail(f"{charge['id']}: more is paid back than came")


def _statuses_move_forward(scene: Scene, orders: Any, payments: Any) -> None:
    """Nothing leaves where nothing leads away from, and nothing disappears (I7)."""
    now = {("order", pk): status for pk, _ref, status, *_ in orders}
    now |= {("payment", pk): status for pk, _order, status, *_ in payments}
    for key, before in scene.statuses.items():
        after = now.get(key)
        what = key[0]
        ends = {"paid"} if what == "order" else FINAL
        if after is None or (before in ends and after != before):
            fail(f"{key} went from {before} to {after} (I7)")
        if before == "given_up" and after not in ("given_up", "cancelled"):
            fail(f"{key} went from {before} to {after} (I7)")
    scene.statuses = now


def _history_is_whole(scene: Scene, orders: Any, payments: Any) -> None:
    """Rows of history stay as they are, and end where things stand (I18)."""
    moves = rows.select(MOVES)
    if moves[: len(scene.moves)] != scene.moves:
        fail("a row of history was changed or deleted (I18)")
    fresh, scene.moves = moves[len(scene.moves) :], moves
    for move in fresh:
        _one_move(scene, dict(zip(_columns(), move, strict=True)))
    for pk, _ref, status, *_ in orders:
        if scene.ends.get(("order", pk), "open") != status:
            fail(f"order {pk} is {status}, its history ends elsewhere (I18)")
    for pk, _order, status, *_ in payments:
        if scene.ends.get(("payment", pk), "creating") != status:
            fail(f"payment {pk} is {status}, its history ends elsewhere (I18)")


def _one_move(scene: Scene, move: dict[str, Any]) -> None:
    what, before, after = move["what"], move["before"], move["after"]
    if what not in ("order", "payment"):
        return
    key = (what, move[f"{what}_id"])
    start = "open" if what == "order" else "creating"
    if before and scene.ends.get(key, start) != before:
        fail(f"{key}: history goes from {scene.ends.get(key, start)} to {before} (I18)")
    scene.ends[key] = after
    is_legal = (
        (before, after) in ORDER_MOVES if what == "order" else before not in FINAL
    )
    late = (before, after) == ("cancelled", "paid")
    if not is_legal or (late and scene.profile.late_money != "honour"):
        fail(f"{key} went from {before} to {after} (I7)")


_names: list[str] = []


def _columns() -> list[str]:
    if not _names:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.cursor.execute(f"{MOVES} LIMIT 1")
            _names.extend(column[0] for column in cursor.cursor.description)
    return _names


def _events_are_applied(scene: Scene, payments: Any) -> None:
    """An event that is stored as dealt with is dealt with (I5)."""
    by_id = {
        stripe_id: (status, came) for _, _, status, stripe_id, came, *_ in payments
    }
    for stripe_id, kind, intent, held, outcome in rows.select(EVENTS):
        if stripe_id in scene.events_seen:
            continue
        scene.events_seen.add(stripe_id)
        status, came = by_id.get(intent, ("", 0))
        is_money = kind == "payment_intent.succeeded"
        if outcome == "foreign" and is_money and _is_ours(scene, intent):
            fail(f"{kind} {stripe_id} of our own was left as foreign (I5)")
        if is_money and status and not came:
            fail(f"{kind} is dealt with, the payment is {status} (I5)")
        if kind == "payment_intent.canceled" and status not in ("", "cancelled"):
            fail(f"{kind} is dealt with, the payment is {status} (I5)")
        table = {"refund.created": "refund", "charge.dispute.created": "dispute"}.get(
            kind
        )
        if table and status and not _has(table, held):
            fail(f"{kind} is dealt with, and no {table} is kept (I5)")


def _is_ours(scene: Scene, intent: str) -> bool:
    found = scene.engine.store.find(intent) or {"metadata": {}}
    return found["metadata"].get("installation") == "fern-and-quill" and (
        found["status"] == "succeeded"
    )


def _has(table: str, stripe_id: str) -> bool:
    sql = f"SELECT 1 FROM htmx_checkout_{table} WHERE stripe_id = '{stripe_id}'"
    return bool(rows.select(sql))


def _nobody_hears_twice(scene: Scene, orders: Any) -> None:
    paid = {reference for _, reference, status, *_ in orders if status == "paid"}
    for receiver, name, subject, count in rows.select(HEARD):
        if count > 1:
            fail(f"{receiver} heard {name} of {subject} {count} times (I3)")
        if name == "order_paid" and subject not in paid:
            fail(f"{receiver} heard that {subject} is paid, and it is not")
    if scene.profile.at_most_once:
        twice = [mail for mail, count in Counter(scene.mails).items() if count > 1]
        if twice:
            fail(f"mailed more than once, although at most once was asked: {twice}")


def _no_secret_is_logged() -> None:
    for line in logs.KEPT:
        if SECRETS.search(line):
            fail(f"a secret was logged: {line} (I11)")
    logs.KEPT.clear()
