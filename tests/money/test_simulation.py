"""The simulation itself: it finds what is planted, and nothing where nothing is.

`tests/proofs` plants all that can be planted; here are two that are found soon.
"""

from argparse import Namespace

import pytest

from tests.simulation.report import Report
from tests.simulation.tally import FAULTS, Tally
from tests.support.planted import find, simulate


def test_some_histories_are_right():
    played = simulate("--histories", "20", "--seed", "tests")
    assert played.returncode == 0, played.stdout
    assert "20 histories of seed tests, 0 wrong." in played.stdout


def test_the_same_seed_is_the_same_history():
    first, second = (
        simulate("--replay", "tests:7", PYTHONHASHSEED=seed) for seed in ("1", "2")
    )
    assert "everything heals" in first.stdout
    assert first.stdout == second.stdout


@pytest.mark.parametrize("plant", ["key", "guess"])
def test_a_bug_that_is_planted_is_found_and_can_be_played_again(plant):
    find(plant, histories=50)


def test_a_fault_that_never_struck_fails_the_run(capsys):
    report = Report(Namespace(seed="1", plant="", histories=1))
    report.add(1, Tally(dict.fromkeys(FAULTS[1:], 1)), [])
    assert report.end(is_enough=True) == 1
    assert f"Never struck: {FAULTS[0]}" in capsys.readouterr().out
