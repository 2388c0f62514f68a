"""Print every figure with its budget; exit 1 if one is broken.

``python -m bench [room …]``: all rooms unless some are named. The crowd is
also let in on PostgreSQL where one answers on this machine.
"""

import os
import subprocess
import sys
from contextlib import suppress
from importlib import import_module

import psycopg

POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
ROOMS = ("weight", "calls", "crowd")


def main(rooms: list[str]) -> int:
    set_up()
    scene = import_module("bench.scene").scene
    broken = 0
    for name in rooms or ROOMS:
        with scene() as standin:
            for figure in import_module(f"bench.{name}").measure(standin):
                print(figure, flush=True)
                broken += not figure.holds
    if not rooms and "DATABASE_URL" not in os.environ and postgresql_answers():
        there = os.environ | {"DATABASE_URL": POSTGRESQL}
        command = [sys.executable, "-m", "bench", "crowd"]
        broken += subprocess.run(command, env=there, check=False).returncode
    if not rooms:
        print(f"{broken} budgets broken" if broken else "All budgets hold")
    return broken


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.path.insert(0, "site")
    import_module("django").setup()


def postgresql_answers() -> bool:
    with suppress(psycopg.Error):
        psycopg.connect(POSTGRESQL, connect_timeout=2).close()
        return True
    return False


sys.exit(main(sys.argv[1:]))
