"""The table of guards names tests that exist, and each of its rows names one."""

import re
from pkgutil import resolve_name

import pytest

from tests.support.readme import ROOT, ticked

TEXT = (ROOT / "docs/guards.md").read_text()
ROWS = [row for row in re.findall(r"^\| (.+) \|$", TEXT, re.MULTILINE) if "`" in row]
TESTS = re.compile(r"tests/[\w/]+\.py::test_\w+")
# "In `gateway.retry` and …" below a heading, and functions in the rows.
ROOMS = " ".join(re.findall(r"^In [^|]+?$(?=\n\n)", TEXT, re.MULTILINE))
PLACES = {name for name in ticked(TEXT) if re.fullmatch(r"\w+(\.\w+)+", name)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.partition(" |")[0])
def test_each_guard_has_a_test_that_exists(row):
    named = [name for name in ticked(row) if TESTS.fullmatch(name)]
    assert named
    for name in named:
        path, function = name.split("::")
        assert f"\ndef {function}(" in (ROOT / path).read_text()


@pytest.mark.parametrize("name", sorted(PLACES | set(ticked(ROOMS))))
def test_each_module_and_function_that_is_named_exists(name):
    resolve_name(f"htmx_checkout.{name}")


def test_each_section_has_rows():
    sections = re.split(r"^## .+$", TEXT, flags=re.MULTILINE)[1:]
    assert sections
    assert all(TESTS.search(section) for section in sections)
