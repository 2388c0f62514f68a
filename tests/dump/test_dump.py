"""A database of the first release: it migrates, and reconciles without a finding."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What must be in it, for a migration to be tried on: the states that last.
STATES = {
    "order open",
    "order processing",
    "order paid",
    "order cancelled",
    "payment open",
    "payment processing",
    "payment authorised",
    "payment succeeded",
    "payment given_up",
    "refund succeeded",
    "refund failed",
    "dispute open",
    "dispute lost",
    "incident late",
    "incident mismatch",
    "message order_paid",
}


@pytest.fixture(scope="module")
def proof():
    """A database of its own, in a process of its own; see ``tests/dump/proof.py``."""
    command = [sys.executable, "-m", "tests.dump.proof"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_holds_every_state_that_an_order_and_its_money_can_rest_in(proof):
    found = {" ".join(line.split()[:2]) for line in proof["before"]}
    assert found >= STATES


def test_after_all_migrations_the_reconciler_finds_nothing(proof):
    summary = proof["summary"]
    assert proof["exit"] == 0
    assert (summary["violations"], summary["unfinished"]) == ([], [])


def test_nothing_changes_but_that_the_host_hears_what_it_had_not_heard(proof):
    before, after = Counter(proof["before"]), Counter(proof["after"])
    assert [*(before - after).elements()] == ["message order_paid waiting"]
    assert [*(after - before).elements()] == ["message order_paid done"]
