"""The pinned requirements: whole, hashed, and without an address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "requirements").glob("*.txt"))


def pins(file):
    """Return each requirement's name and version."""
    lines = re.findall(r"^([\w.-]+)==(\S+)", file.read_text(), re.MULTILINE)
    return dict(lines)


def test_there_are_three():
    assert [file.stem for file in FILES] == ["base", "dev", "production"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_requirement_is_pinned_and_hashed(file):
    entries = re.sub(r"\\\n\s*", "", file.read_text()).splitlines()
    requirements = [line for line in entries if line and line[0] not in " #"]
    assert len(requirements) == len(pins(file)) > 5
    for requirement in requirements:
        assert "--hash=sha256:" in requirement, requirement


@pytest.mark.parametrize(
    "file", [*FILES, *(ROOT / "requirements").glob("*.in")], ids=lambda file: file.name
)
def test_no_file_records_where_a_download_came_from(file):
    assert not re.search(r"://|--index|--find-links|--extra|@ |file:", file.read_text())


@pytest.mark.parametrize(
    ("less", "more"), [("base", "production"), ("production", "dev")]
)
def test_the_longer_list_holds_the_shorter_one_version_for_version(less, more):
    folder = ROOT / "requirements"
    assert pins(folder / f"{less}.txt").items() <= pins(folder / f"{more}.txt").items()


def test_the_pins_are_within_what_the_wheel_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = pins(ROOT / "requirements/base.txt")
    extras = project["optional-dependencies"]
    for text in [*project["dependencies"], *extras["queue"], *extras["progress"]]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), text
