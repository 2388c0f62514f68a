"""The site's database options, for SQLite and for PostgreSQL."""

from pathlib import Path
from typing import Any

SQLITE: dict[str, Any] = {
    "OPTIONS": {
        # A transaction that reads and then writes fails at once with "database is
        # locked" when another wrote in between; asking for the write lock at BEGIN
        # waits instead, up to `timeout` seconds.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        # Readers and the writer do not wait for each other. NORMAL cannot corrupt a
        # WAL database; it may lose the last commits when the machine loses power.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}

POSTGRESQL: dict[str, Any] = {
    # Seconds that an idle connection is kept for the next request of its thread.
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    # Seconds to wait for a server that does not answer, and for a lock: Stripe is
    # then told to come again, instead of waiting for a worker that hangs.
    "OPTIONS": {"connect_timeout": 5, "options": "-c lock_timeout=3s"},
}

KINDS: dict[str, dict[str, Any]] = {
    "django.db.backends.sqlite3": SQLITE,
    "django.db.backends.postgresql": POSTGRESQL,
}


def tuned(database: dict[str, Any]) -> dict[str, Any]:
    """Add the defaults of its kind to a parsed ``DATABASE_URL``; the URL wins."""
    kind = KINDS.get(database["ENGINE"], {})
    options = {**kind.get("OPTIONS", {}), **database.get("OPTIONS", {})}
    return {**kind, **database, "OPTIONS": options}


def default_url(root: Path) -> str:
    """Return the URL of the embedded database, and make its folder."""
    folder = root / "data"
    folder.mkdir(exist_ok=True)
    return f"sqlite:///{folder / 'db.sqlite3'}"
