"""Processes that take turns: the near ends of ``bench.side``."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import postgresql
from stripe_standin.shell.server import Server

ROOT = Path(__file__).resolve().parent.parent
# The root holds `bench` itself.
IMPORT_PATH = os.pathsep.join(map(str, (ROOT, ROOT / "checkout", ROOT / "site")))


class Side:
    """A process with an app in it, on a database of its own."""

    def __init__(self, name: str, process: Any, standin: Server) -> None:
        self.name, self.process, self.standin = name, process, standin

    def say(self, command: str, given: Any = None) -> Any:
        """Send one command and wait for its answer."""
        self.process.stdin.write(json.dumps([command, given]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} has died; its words are above.")
        return json.loads(answer)

    def counted(self, command: str, given: Any = None) -> tuple[Any, int]:
        """The answer to one command, and the calls to Stripe that it took."""
        calls = self.standin.engine.calls.entries
        calls.clear()
        return self.say(command, given), len(calls)


@contextmanager
def side(name: str, python: str, standin: Server, module: str = "") -> Iterator[Side]:
    """Start ``bench.<module>`` on a new database, and end both."""
    with postgresql.database(name) as database:
        command = [python, "-m", f"bench.{module or name}", database, standin.base_url]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": IMPORT_PATH},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            yield Side(name, process, standin)
