"""A shop with a past: rows of orders long done, made by the database itself."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

# Of a hundred orders 84 are paid, one is on its way, nine are open, six given up.
# Every fiftieth was paid back, every thousandth is disputed.
IS_PAID = "mod({n}, 100) < 84"
STATUS = f"""CASE WHEN {IS_PAID} THEN '{{paid}}'
    WHEN mod({{n}}, 100) < 85 THEN 'processing'
    WHEN mod({{n}}, 100) < 94 THEN 'open' ELSE 'cancelled' END"""
REFUNDED, DISPUTED = 50, 1000
# A year of them, evenly.
WHEN = "now() - interval '1 year' + {n} * interval '1 year' / {count}"
LINES = """'[{"name": "Linen notebook", "amount": 1400, "quantity": 3,
    "note": "Moss, A5", "reference": "linen-notebook",
    "image": "/static/shop/notebook.svg"}]'::jsonb"""
EVENTS, MOVES = 5, 3
TYPES = """(ARRAY['payment_intent.created', 'charge.succeeded',
    'payment_intent.succeeded', 'charge.updated', 'charge.refunded'])"""

Columns = dict[str, str]


def fill(count: int) -> None:
    """Give the shop ``count`` orders, and all that follows from an order."""
    # The rows are right by their making; to prove it, each foreign key would be
    # looked up once more.
    _run("SET session_replication_role = replica")
    _run("SET synchronous_commit = off")
    for name, rows, columns in tables(count):
        insert(apps.get_model(name), rows, columns)
    _run("RESET ALL")
    _run("VACUUM ANALYZE")
    _run("CHECKPOINT")


def tables(count: int) -> Iterator[tuple[str, int, Columns]]:
    """Each table with its number of rows, and its columns as SQL over ``n``.

    What is not named here has the model's own default.
    """
    yield "htmx_checkout.Order", count, orders(count)
    yield "htmx_checkout.Payment", count, payments(count)
    yield "htmx_checkout.WebhookEvent", count * EVENTS, events(count)
    yield "htmx_checkout.AuditEntry", count * MOVES, moves(count)
    yield "htmx_checkout.OutboxMessage", count, messages(count)
    yield "htmx_checkout.Refund", count // REFUNDED, refunds()
    yield "htmx_checkout.Dispute", count // DISPUTED, disputes()
    yield "django_tasks_database.DBTaskResult", count, tasks()


def orders(count: int) -> Columns:
    when, is_paid = WHEN.format(n="n", count=count), IS_PAID.format(n="n")
    return {
        "token": _hash("token", letters=32),
        "reference": _hash("reference", letters=14),
        "shopper": f"{_hash('shopper', letters=32)} || {_hash('', letters=32)}",
        "current_for": f"CASE WHEN mod(n, 2) = 0 THEN {_hash('current')} END",
        "status": STATUS.format(n="n", paid="paid"),
        "amount": "4200",
        "currency": "'gbp'",
        "lines": LINES,
        "fingerprint": "md5(mod(n, 500)::text) || md5('bag')",
        "email": "'shopper' || n || '@example.com'",
        "created_at": when,
        "paid_at": f"CASE WHEN {is_paid} THEN {when} END",
        "seen_at": f"CASE WHEN {is_paid} THEN {when} END",
    }


def payments(count: int) -> Columns:
    when = WHEN.format(n="n", count=count)
    return {
        "order_id": "n",
        "attempt": "1",
        "status": STATUS.format(n="n", paid="succeeded"),
        "amount": "4200",
        "currency": "'gbp'",
        "email": "'shopper' || n || '@example.com'",
        "amount_received": f"CASE WHEN {IS_PAID.format(n='n')} THEN 4200 ELSE 0 END",
        "amount_refunded": f"CASE WHEN mod(n, {REFUNDED}) = 0 THEN 4200 ELSE 0 END",
        "charge": f"'ch_3' || {_hash('ch')}",
        "idempotency_key": f"'checkout-' || {_hash('reference')} || '-1-1-4200-gbp'",
        "stripe_id": f"'pi_3' || {_hash('pi')}",
        "asked_at": when,
        "created_at": when,
        "key_stored_at": when,
        "key_sent_at": when,
    }


def events(count: int) -> Columns:
    when = WHEN.format(n="n", count=count * EVENTS)
    order = f"((n - 1) / {EVENTS} + 1)"
    return {
        "stripe_id": f"'evt_3' || {_hash('evt')}",
        "type": f"{TYPES}[mod(n, {EVENTS}) + 1]",
        "intent_id": f"'pi_3' || {_hash('pi', order)}",
        "object_id": f"'ch_3' || {_hash('ch', order)}",
        "livemode": "false",
        "api_version": "'2026-10-28.endive'",
        "body_hash": f"{_hash('body', letters=32)} || md5('body')",
        "headers": """'{"User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Content-Type": "application/json; charset=utf-8"}'::jsonb""",
        "received_at": when,
        "done_at": when,
        "outcome": "'applied'",
    }


def moves(count: int) -> Columns:
    order = f"((n - 1) / {MOVES} + 1)"
    return {
        "at": WHEN.format(n="n", count=count * MOVES),
        "order_id": order,
        "payment_id": f"CASE WHEN mod(n, {MOVES}) > 0 THEN {order} END",
        "what": f"CASE WHEN mod(n, {MOVES}) > 0 THEN 'payment' ELSE 'order' END",
        "subject": f"'pi_3' || {_hash('pi', order)}",
        "before": "'open'",
        "after": STATUS.format(n=order, paid="succeeded"),
        "amount": "4200",
        "currency": "'gbp'",
        "cause": "'webhook'",
        "caused_by": f"'evt_3' || {_hash('evt')}",
        "request_id": f"'req_' || {_hash('req', letters=14)}",
    }


def messages(count: int) -> Columns:
    when = WHEN.format(n="n", count=count)
    return {
        "order_id": "n",
        "name": "'order_paid'",
        "subject": _hash("reference", letters=14),
        "object_id": "n",
        "staged_at": when,
        "due_at": when,
        "done_at": when,
    }


def refunds() -> Columns:
    return {
        "payment_id": f"n * {REFUNDED}",
        "number": _hash("refund", letters=14),
        "status": "'succeeded'",
        "amount": "4200",
        "currency": "'gbp'",
        "wanted_by": "'Ada'",
        "idempotency_key": f"'checkout-' || {_hash('refund')} || '-1-4200-gbp'",
        "stripe_id": f"'re_3' || {_hash('re')}",
    }


def disputes() -> Columns:
    return {
        # Of those that were not paid back as well.
        "payment_id": f"n * {DISPUTED} - {DISPUTED - 1}",
        "stripe_id": f"'du_1' || {_hash('du')}",
        "status": "'open'",
        "amount": "4200",
        "currency": "'gbp'",
        "reason": "'fraudulent'",
    }


def tasks() -> Columns:
    """The queue's own rows of tasks that are done."""
    return {
        "id": "gen_random_uuid()",
        "status": "'SUCCESSFUL'",
        "args_kwargs": """'{"args": [1], "kwargs": {}}'::jsonb""",
        "task_path": "'htmx_checkout.tasks.deliver_message'",
        "enqueued_at": "now()",
        "started_at": "now()",
        "finished_at": "now()",
        "return_value": "'null'::jsonb",
        "exception_class_path": "''",
        "traceback": "''",
        "run_after": "now()",
        "backend_name": "'default'",
        "worker_ids": """'["one"]'::jsonb""",
    }


def insert(model: type[models.Model], rows: int, columns: Columns) -> None:
    """Insert ``rows`` rows with ids from 1."""
    names, values, defaults = [], [], []
    for field in model._meta.concrete_fields:
        names.append(f'"{field.column}"')
        if field.column in columns:
            values.append(columns[field.column])
        elif field.primary_key:
            values.append("n")
        else:
            values.append("%s")
            defaults.append(default(field))
    assert columns.keys() <= {field.column for field in model._meta.fields}, model
    table = model._meta.db_table
    into = f'INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(values)}'
    _run(f"{into} FROM generate_series(1, {rows}) AS n", defaults)
    if "id" not in columns:
        _run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {rows} + 1)")


def default(field: Any) -> Any:
    """What a column holds that nobody has thought of; ``LookupError`` if it must be."""
    if field.null:
        return None
    if field.has_default() or field.blank:
        return field.get_db_prep_save(field.get_default(), connection)
    raise LookupError(f"{field} has no default: say in tables() what it holds.")


def _hash(of: str, n: str = "n", letters: int = 24) -> str:
    """SQL for letters that look random and are the same each time."""
    return f"substr(md5('{of}' || {n}), 1, {letters})"


def _run(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
