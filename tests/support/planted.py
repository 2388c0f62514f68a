"""The simulation in a process of its own, as the tests run it.

It takes the clock, the network and the dice of the process that it runs in.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def simulate(*arguments: str, **environment: str) -> Any:
    """Run ``python -m tests.simulation`` in one process; returns how it ended."""
    # In memory, whatever the suite runs on: what is held here is no matter of that.
    given = {
        name: value for name, value in os.environ.items() if name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--processes", "1", *arguments],
        cwd=ROOT,
        env=given | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def find(plant: str, histories: int) -> None:
    """Let ``plant`` be found among so many histories, and be played again."""
    played = simulate(
        "--histories", str(histories), "--seed", "tests", "--plant", plant
    )
    assert played.returncode == 1
    assert ", 1 wrong.\n" in played.stdout, played.stdout[-2000:]
    # What is wrong may go over several lines: the first one names it.
    (wrong,) = re.findall(
        r"^(Violation: .*)$[\s\S]*?^Again: .*simulation (.*)$", played.stdout, re.M
    )
    again = simulate(*wrong[1].split())
    assert wrong[0] in again.stdout
