"""A PostgreSQL on this machine, and databases of our own in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

URL = "postgres://postgres@127.0.0.1:5432/postgres"


def answers() -> bool:
    with suppress(psycopg.Error):
        psycopg.connect(URL, connect_timeout=2).close()
        return True
    return False


@contextmanager
def database(purpose: str) -> Iterator[str]:
    """Make an empty database, give its name, and drop it at the end.

    The number of the process is in the name: two runs at once disturb each
    other's figures, but not each other's rows.
    """
    name = f"bench_{purpose}_{os.getpid()}"
    with psycopg.connect(URL, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield name
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
