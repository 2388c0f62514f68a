"""An empty database, the app's rows as SQL, and the stand-in's objects as JSON."""

import json
import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = Path(__file__).with_name("shop.sql")
STRIPE = Path(__file__).with_name("stripe.json")
APP = "htmx_checkout"
FIRST = "0001_initial"
# Events are left out: they are copies of these, and most of the bytes.
KINDS = (
    "balance_transaction",
    "charge",
    "customer",
    "dispute",
    "payment_intent",
    "payment_method",
    "refund",
)


@contextmanager
def empty():
    """Set Django up on an empty database of its own, which is dropped in the end."""
    for folder in (ROOT, ROOT / "checkout", ROOT / "site"):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    name = connection.settings_dict["NAME"]
    # Not `create_test_db`, which migrates to the end.
    made = connection.creation._create_test_db(
        verbosity=0, autoclobber=True, keepdb=False
    )
    connection.close()
    connection.settings_dict["NAME"] = made
    connection.ensure_connection()
    try:
        yield connection
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


class Settings:
    """Django's settings; what is set here is put back by ``undo``."""

    def __init__(self):
        self.__dict__["changes"] = []

    def __getattr__(self, name):
        from django.conf import settings

        return getattr(settings, name)

    def __setattr__(self, name, value):
        from django.test import override_settings

        # This tells the app, which keeps a reading of its own.
        change = override_settings(**{name: value})
        change.enable()
        self.changes.append(change)

    def undo(self):
        while self.changes:
            self.changes.pop().disable()


def tables(connection):
    return sorted(
        name
        for name in connection.introspection.table_names()
        if name.startswith(f"{APP}_")
    )


def write_rows(connection):
    """Write each row of the app's tables as one INSERT, with the names of columns."""
    lines = []
    with connection.cursor() as cursor:
        for table in tables(connection):
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            columns = ", ".join(f'"{column[0]}"' for column in cursor.description)
            for row in cursor.fetchall():
                values = ", ".join(map(literal, row))
                lines.append(f"INSERT INTO {table} ({columns}) VALUES ({values});")
    ROWS.write_text("\n".join(lines) + "\n")


def literal(value):
    """A value as both databases read it; moments are in UTC."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value
        value = moment.replace(tzinfo=None).isoformat(" ")
    # A line of the file is a statement.
    text = value if isinstance(value, str) else json.dumps(value)
    if "\n" in text:
        raise ValueError(f"A value of several lines: {text}")
    return "'" + text.replace("'", "''") + "'"


def read_rows(connection):
    """Put the rows into tables that are as ``FIRST`` made them."""
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for line in ROWS.read_text().splitlines():
            # No parameters: a percent sign is only that.
            cursor.execute(line)
        count_on(connection, cursor)


def count_on(connection, cursor):
    """Let the next row of each table get the next number, where a database counts."""
    if connection.vendor != "postgresql":
        return
    for table in tables(connection):
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
            f" COALESCE(MAX(id), 1)) FROM {table}"
        )


def write_stripe(engine):
    """Write the objects, what will become of them, and the moment (Unix seconds)."""
    store = engine.store.by_id.values()
    kept = {
        "objects": [item for item in store if item["object"] in KINDS],
        "timers": [[one.due, one.name, one.id] for one in sorted(engine.timers.queue)],
    }
    # One to a line, so that a difference can be read.
    lists = (
        f'"{name}": [\n' + ",\n".join(map(json.dumps, items)) + "\n]"
        for name, items in kept.items()
    )
    STRIPE.write_text(f'{{"moment": {engine.now()},\n' + ",\n".join(lists) + "}\n")


def read_stripe():
    return json.loads(STRIPE.read_text())


def refill(engine, kept):
    """Let a stand-in that remembers nothing hold what ``write_stripe`` wrote."""
    for item in kept["objects"]:
        engine.store.put(item)
        engine.store.arrived = max(engine.store.arrived, item["_order"])
    for due, name, id in kept["timers"]:
        engine.timers.add(due, name, id)
