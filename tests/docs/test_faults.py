"""The table of faults is whole: no number is missing, and each test is there."""

import re

import pytest

from tests.support.readme import ROOT, ticked

TEXT = (ROOT / "docs/faults.md").read_text()
ROWS = re.findall(r"^\| F(\d+) \| (.+) \| (.+) \|$", TEXT, re.MULTILINE)
TESTS = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")


def test_no_fault_is_left_out():
    assert [int(number) for number, _what, _held in ROWS] == list(range(1, 85))


@pytest.mark.parametrize(
    ("number", "held"), [(number, held) for number, _what, held in ROWS]
)
def test_each_fault_has_a_test_or_a_reason(number, held):
    named = [match for name in ticked(held) if (match := TESTS.fullmatch(name))]
    assert named or held.startswith("Not ours"), held
    for match in named:
        path, function = match.groups()
        assert f"\ndef {function}(" in (ROOT / path).read_text()
