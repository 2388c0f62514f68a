"""Whatever bug is planted, the simulation finds it."""

import re

import pytest

from tests.support.planted import ROOT, find, simulate

PLANTS = re.findall(
    r"^@plant\ndef (\w+)", (ROOT / "tests/simulation/plants.py").read_text(), re.M
)
# Most are found in the first hundred; it stops at the first that it finds.
MANY = 3000


def test_some_hundred_histories_are_right():
    played = simulate("--histories", "200", "--seed", "tests")
    assert played.returncode == 0, played.stdout
    assert "200 histories of seed tests, 0 wrong." in played.stdout


@pytest.mark.parametrize("plant", PLANTS)
def test_a_bug_that_is_planted_is_found_and_can_be_played_again(plant):
    find(plant, MANY)
