"""A PostgreSQL database of its own, dropped at the end."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

DEFAULT = "postgres://postgres@127.0.0.1:5432/postgres"
# Without TLS the doors can tell a COMMIT from other messages.
PLAIN = "sslmode=disable&gssencmode=disable"


class NoDatabase(Exception):
    """There is no PostgreSQL to soak."""


class Database:
    """``url`` leads to it past all doors; ``port`` is the server's."""

    def __init__(self) -> None:
        given = os.environ.get("DATABASE_URL", "")
        parts = urlsplit(given if given.startswith("postgres") else DEFAULT)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 5432
        if self.host not in ("127.0.0.1", "localhost"):
            raise NoDatabase("The soak wants a PostgreSQL on this machine.")
        self.name = f"soak_{os.getpid()}"
        self.maintenance = urlunsplit(parts)
        self.parts = parts._replace(path=f"/{self.name}", query=PLAIN)
        self.url = urlunsplit(self.parts)

    def through(self, port: int) -> str:
        """The URL of the same database by another door."""
        person = self.parts.netloc.rpartition("@")[0]
        place = f"{person}@127.0.0.1:{port}" if person else f"127.0.0.1:{port}"
        return urlunsplit(self.parts._replace(netloc=place))

    def create(self) -> None:
        """Raises ``NoDatabase`` when nobody answers."""
        self._do("CREATE DATABASE {}")

    def drop(self) -> None:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def connect(self) -> "psycopg.Connection[tuple]":
        """A connection that sees each statement's own moment."""
        return psycopg.connect(self.url, autocommit=True)

    def _do(self, statement: str) -> None:
        try:
            with psycopg.connect(
                self.maintenance, autocommit=True, connect_timeout=3
            ) as door:
                door.execute(sql.SQL(statement).format(sql.Identifier(self.name)))
        except psycopg.OperationalError as error:
            raise NoDatabase(
                f"There is no PostgreSQL on {self.host}:{self.port} to soak: "
                f"{str(error).splitlines()[0]}"
            ) from None
