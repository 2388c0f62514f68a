"""Print every figure with its budget; exit 1 if one is broken.

``python -m bench [room …]``: all quick rooms unless some are named. The crowd
is also let in on PostgreSQL where one answers on this machine. Two rooms take
minutes and need that PostgreSQL, and are only entered when named: ``webhooks``
and ``scale``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from bench import postgresql
from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("structure", "weight", "calls", "crowd")
# These make databases of their own.
LONG = ("webhooks", "scale")


def main(rooms: list[str]) -> int:
    set_up()
    broken = 0
    for name in rooms or ROOMS:
        for figure in figures(name):
            print(figure, flush=True)
            broken += not figure.holds
    if not rooms and "DATABASE_URL" not in os.environ and postgresql.answers():
        there = os.environ | {"DATABASE_URL": postgresql.URL}
        command = [sys.executable, "-m", "bench", "crowd"]
        broken += subprocess.run(command, env=there, check=False).returncode
    if not rooms:
        print(f"{broken} budgets broken" if broken else "All budgets hold")
    return broken


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.path[:0] = [str(ROOT / "checkout"), str(ROOT / "site")]
    import_module("django").setup()


def figures(name: str) -> Iterator[Figure]:
    """All that one room measures."""
    measure = import_module(f"bench.{name}").measure
    if name not in LONG:
        scene = import_module("bench.scene").scene
        with scene() as standin:
            yield from measure(standin)
    elif postgresql.answers():
        with import_module("stripe_standin.shell.server").serve() as standin:
            yield from measure(standin)
    else:
        sys.exit(f"{name} needs a PostgreSQL that answers at {postgresql.URL}")


sys.exit(main(sys.argv[1:]))
