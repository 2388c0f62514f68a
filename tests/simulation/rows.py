"""The database: made once for a process, emptied for each history, at times unsure."""

import sqlite3
from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.management import call_command
from django.db import OperationalError, connection

# Who has heard what. Without a unique constraint: nothing may hide a second time.
HEARD = "simulation_heard"

# Set by the scene: asked before each statement and after each commit; True strikes.
refuses: Callable[[], bool] | None = None
forgets: Callable[[], bool] | None = None


class Connection(sqlite3.Connection):
    """A connection that can be lost in the moment after the commit."""

    def commit(self) -> None:
        was_needed = self.in_transaction
        super().commit()
        if was_needed and forgets is not None and forgets():
            raise sqlite3.OperationalError("connection lost at COMMIT (simulated)")


def _strike(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if refuses is not None and refuses():
        raise OperationalError("database is locked (simulated)")
    return execute(sql, params, many, context)


def open_() -> None:
    """Make the tables, in a database that is this process's own."""
    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
    else:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    with connection.cursor() as cursor:
        columns = "receiver varchar(32), name varchar(32), subject varchar(255)"
        cursor.execute(f"CREATE TABLE {HEARD} (id integer, {columns})")
    connection.execute_wrappers.append(_strike)


def close() -> None:
    """Drop what ``open_`` has made, where it would stay."""
    if connection.vendor != "sqlite":
        connection.creation.destroy_test_db("postgres", verbosity=0)


def _tables() -> list[str]:
    names = connection.introspection.table_names()
    mine = ("htmx_checkout_", "shop_", "django_tasks", "simulation_")
    return [name for name in names if name.startswith(mine)]


def empty() -> None:
    """Forget every row, and how far ids have counted, so that a replay is exact."""
    with connection.cursor() as cursor:
        for sql in _statements():
            cursor.execute(sql)


@cache
def _statements() -> list[str]:
    tables = _tables()
    if connection.vendor == "postgresql":
        return [f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"]
    deletes = [f"DELETE FROM {name}" for name in tables]
    off, on = "PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON"
    return [off, "BEGIN", *deletes, "DELETE FROM sqlite_sequence", "COMMIT", on]


def select(sql: str) -> list[tuple[Any, ...]]:
    """Read rows without the models, and past all faults."""
    with connection.cursor() as cursor:
        cursor.cursor.execute(sql)
        return cursor.cursor.fetchall()


def hear(receiver: str, name: str, subject: str) -> None:
    """Write down that ``receiver`` was told, in the transaction it is called in."""
    with connection.cursor() as cursor:
        sql = f"INSERT INTO {HEARD} (receiver, name, subject) VALUES (%s, %s, %s)"
        cursor.execute(sql, [receiver, name, subject])
