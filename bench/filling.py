"""A shop with a past: rows of orders long done, made by the database itself."""

from typing import Any

from django.db import connection, models

# One order in a hundred is on its way, nine are open or abandoned, six given up.
ORDER_STATUS = """CASE WHEN mod(n, 100) < 84 THEN 'paid'
    WHEN mod(n, 100) < 85 THEN 'processing'
    WHEN mod(n, 100) < 94 THEN 'open' ELSE 'cancelled' END"""
PAYMENT_STATUS = ORDER_STATUS.replace("'paid'", "'succeeded'")
# A year of them, evenly.
WHEN = "now() - interval '1 year' + n * interval '1 year' / {count}"
LINES = """'[{"name": "Linen notebook", "amount": 1400, "quantity": 3,
    "note": "Moss, A5", "reference": "linen-notebook",
    "image": "/static/shop/notebook.svg"}]'::jsonb"""
EVENTS = 5
TYPES = """(ARRAY['payment_intent.created', 'charge.succeeded',
    'payment_intent.succeeded', 'charge.updated', 'charge.refunded'])"""
STRIPE_ID = "substr(md5('{kind}' || {n}), 1, 24)"


def fill(count: int) -> None:
    """Give the shop ``count`` orders, a payment for each, and five events."""
    # The rows are right by their making; to prove it, each foreign key would be
    # looked up once more.
    _run("SET session_replication_role = replica")
    _run("SET synchronous_commit = off")
    for model, rows, columns in tables(count):
        insert(model, rows, columns)
    _run("RESET ALL")
    _run("VACUUM ANALYZE")
    _run("CHECKPOINT")


def tables(count: int) -> list[tuple[type[models.Model], int, dict[str, str]]]:
    """Each table with its number of rows, and its columns as SQL over ``n``."""
    from checkout.models import Effect, Event, Order, Payment

    when = WHEN.format(count=count)
    is_paid = "mod(n, 100) < 84"
    order = {
        "token": "substr(md5('token' || n), 1, 32)",
        "reference": "upper(substr(md5('reference' || n), 1, 14))",
        "shopper": "md5('shopper' || n) || md5(n::text)",
        "current_for": "CASE WHEN mod(n, 2) = 0 THEN md5('shopper' || n) END",
        "status": ORDER_STATUS,
        "amount": "4200",
        "currency": "'gbp'",
        "lines": LINES,
        "fingerprint": "md5(mod(n, 500)::text) || md5('bag')",
        "email": "'shopper' || n || '@example.com'",
        "created_at": when,
        "paid_at": f"CASE WHEN {is_paid} THEN {when} END",
        "seen_at": f"CASE WHEN {is_paid} THEN {when} END",
    }
    payment = {
        "order_id": "n",
        "attempt": "1",
        "status": PAYMENT_STATUS,
        "amount": "4200",
        "currency": "'gbp'",
        "email": "'shopper' || n || '@example.com'",
        "amount_received": f"CASE WHEN {is_paid} THEN 4200 ELSE 0 END",
        "idempotency_key": "'checkout-' || n || '-1-1-4200-gbp'",
        "stripe_id": "'pi_3' || " + STRIPE_ID.format(kind="pi", n="n"),
        "asked_at": when,
        "created_at": when,
        "key_stored_at": when,
    }
    its_order = f"((n - 1) / {EVENTS} + 1)"
    event = {
        "stripe_id": "'evt_3' || " + STRIPE_ID.format(kind="evt", n="n"),
        "type": f"{TYPES}[mod(n, {EVENTS}) + 1]",
        "object_id": "'pi_3' || " + STRIPE_ID.format(kind="pi", n=its_order),
        "livemode": "false",
        "api_version": "'2026-10-28.endive'",
        "received_at": WHEN.format(count=count * EVENTS),
        "processed_at": WHEN.format(count=count * EVENTS),
        "outcome": "'applied'",
    }
    effect = {"order_id": "n", "name": "'order_paid'", "done_at": when}
    return [
        (Order, count, order),
        (Payment, count, payment),
        (Event, count * EVENTS, event),
        (Effect, count, effect),
    ]


def insert(model: type[models.Model], rows: int, columns: dict[str, str]) -> None:
    """Insert ``rows`` rows with ids from 1; a column not named has its default."""
    names, values, defaults = [], [], []
    for field in model._meta.concrete_fields:
        names.append(f'"{field.column}"')
        if field.primary_key:
            values.append("n")
        elif field.column in columns:
            values.append(columns[field.column])
        else:
            values.append("%s")
            defaults.append(default(field))
    if unknown := columns.keys() - {field.column for field in model._meta.fields}:
        raise LookupError(f"{model.__name__} has no {unknown}")
    table = model._meta.db_table
    into = f'INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(values)}'
    _run(f"{into} FROM generate_series(1, {rows}) AS n", defaults)
    _run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {rows})")


def default(field: Any) -> Any:
    """What a column holds that nobody has thought of; ``LookupError`` if it must be."""
    if field.null:
        return None
    if field.has_default() or field.empty_strings_allowed:
        return field.get_db_prep_save(field.get_default(), connection)
    raise LookupError(f"{field} has no default: say in tables() what it holds.")


def _run(sql: str, params: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
