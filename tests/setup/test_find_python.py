"""``bin/find-python`` among Pythons that are old, broken or hidden."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "dirname", "cat", "cut", "grep", "id")


class Machine:
    """A machine of its own: nothing on PATH but a few tools and fake Pythons."""

    def __init__(self, folder):
        self.bin, self.home = folder / "bin", folder / "home"
        self.bin.mkdir()
        self.home.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))

    def has(self, name, *, works=True, folder=None):
        """Install a Python that is good, or that fails as an old one does."""
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{f'echo {path}' if works else 'exit 1'}\n")
        path.chmod(0o755)
        return str(path)

    def find(self, **environment):
        return subprocess.run(
            [ROOT / "bin/find-python"],
            env={
                "PATH": str(self.bin),
                "HOME": str(self.home),
                "FIND_PYTHON_IN": "",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_the_committed_version_goes_first(machine):
    machine.has("python3.14")
    wanted = machine.has(f"python{(ROOT / '.python-version').read_text().strip()}")
    assert machine.find().stdout == f"{wanted}\n"


def test_the_newest_is_next(machine):
    machine.has("python3.12")
    newest = machine.has("python3.14")
    assert machine.find().stdout == f"{newest}\n"


def test_a_shim_that_refuses_to_start_is_passed_over(machine):
    machine.has("python3.14", works=False)
    machine.has("python3.13", works=False)
    good = machine.has("python3.12")
    assert machine.find().stdout == f"{good}\n"


def test_a_pyenv_that_is_not_on_the_path_is_found(machine):
    versions = machine.home / ".pyenv/versions"
    machine.has("python", folder=versions / "3.11.7/bin")
    good = machine.has("python", folder=versions / "3.12.1/bin")
    assert machine.find().stdout == f"{good}\n"


def test_pyenv_may_live_elsewhere(machine, tmp_path):
    good = machine.has("python", folder=tmp_path / "pyenv/versions/3.13.0/bin")
    assert machine.find(PYENV_ROOT=str(tmp_path / "pyenv")).stdout == f"{good}\n"


def test_a_python_that_uv_installed_is_found(machine):
    home = machine.home / ".local/share/uv/python/cpython-3.13.2-linux-x86_64-gnu/bin"
    good = machine.has("python3", folder=home)
    assert machine.find().stdout == f"{good}\n"


def test_the_plain_name_is_the_last_resort(machine):
    good = machine.has("python3")
    assert machine.find().stdout == f"{good}\n"


def test_a_named_python_wins(machine):
    machine.has("python3.13")
    named = machine.has("mine")
    assert machine.find(PYTHON=named).stdout == f"{named}\n"


def test_a_named_python_that_will_not_do_is_refused_by_name(machine):
    machine.has("python3.13")
    named = machine.has("mine", works=False)
    answer = machine.find(PYTHON=named)
    assert answer.returncode == 1
    assert answer.stderr == (
        f"PYTHON={named} is not a Python 3.12 or newer with venv and sqlite3.\n"
    )


def test_a_machine_without_one_is_told_in_one_line_what_to_install(machine):
    machine.has("python3", works=False)
    answer = machine.find()
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.count("\n") == 1
    assert answer.stderr.startswith("No Python 3.12 or newer")
    assert "install" in answer.stderr


def test_the_python_of_these_tests_is_good_enough(machine):
    found = machine.find(PYTHON=sys.executable)
    assert found.stdout.strip() == sys.executable
