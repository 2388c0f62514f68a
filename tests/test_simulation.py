"""The simulation itself: it finds what is planted, and nothing where nothing is.

In processes of their own, since it takes the clock, the network and the dice of the
one that it runs in.
"""

import os
import re
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from tests.simulation.report import Report
from tests.simulation.tally import FAULTS, Tally

ROOT = Path(__file__).resolve().parent.parent
PLANTS = re.findall(
    r"^@plant\ndef (\w+)", (ROOT / "tests/simulation/plants.py").read_text(), re.M
)
# Most are found in the first hundred; it stops at the first that it finds.
MANY = "3000"


def simulate(*arguments, **environment):
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


def test_some_hundred_histories_are_right():
    played = simulate("--histories", "200", "--seed", "tests")
    assert played.returncode == 0, played.stdout
    assert "200 histories of seed tests, 0 wrong." in played.stdout


def test_the_same_seed_is_the_same_history():
    first, second = (
        simulate("--replay", "tests:7", PYTHONHASHSEED=seed) for seed in ("1", "2")
    )
    assert "everything heals" in first.stdout
    assert first.stdout == second.stdout


@pytest.mark.parametrize("plant", PLANTS)
def test_a_bug_that_is_planted_is_found_and_can_be_played_again(plant):
    played = simulate("--histories", MANY, "--seed", "tests", "--plant", plant)
    assert played.returncode == 1
    assert ", 1 wrong.\n" in played.stdout, played.stdout[-2000:]
    # What is wrong may go over several lines: the first one names it.
    (wrong,) = re.findall(
        r"^(Violation: .*)$[\s\S]*?^Again: .*simulation (.*)$", played.stdout, re.M
    )
    again = simulate(*wrong[1].split())
    assert wrong[0] in again.stdout


def test_a_fault_that_never_struck_fails_the_run(capsys):
    report = Report(Namespace(seed="1", plant="", histories=1))
    report.add(1, Tally(dict.fromkeys(FAULTS[1:], 1)), [])
    assert report.end(is_enough=True) == 1
    assert f"Never struck: {FAULTS[0]}" in capsys.readouterr().out
