"""The commands that a person types."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = [
    "demo",
    "test",
    "proofs",
    "simulate",
    "soak",
    "bench",
    "lint",
    "types",
    "ci",
    "requirements",
    "clean",
]


def make(*arguments, cwd=ROOT):
    return subprocess.run(
        [shutil.which("make"), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_make_knows_its_targets(target):
    answer = make("--dry-run", target)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.strip()


def test_no_target_is_left_out_above():
    makefile = (ROOT / "Makefile").read_text()
    assert re.findall(r"^(\w+):", makefile, re.MULTILINE) == TARGETS


@pytest.mark.parametrize("script", ["find-python", "setup", "find-chromium"])
def test_the_scripts_are_plain_sh(script):
    path = ROOT / "bin" / script
    assert path.read_text().startswith("#!/bin/sh\n")
    checked = subprocess.run(["/bin/sh", "-n", path], capture_output=True, check=False)
    assert checked.stderr == b""


def test_clean_leaves_only_what_is_committed_and_what_a_person_wrote(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    (tmp_path / ".env").write_text("PORT=8001\n")
    for made in ignored_by_git():
        place = (
            tmp_path / "checkout" / made if made == "__pycache__" else tmp_path / made
        )
        place.mkdir(parents=True)
        (place / "file").touch()
    assert make("clean", cwd=tmp_path).returncode == 0
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    kept = {"Makefile", ".gitignore", ".env", "checkout", "checkout/htmx_checkout"}
    assert left == kept


def ignored_by_git():
    """Return an example of everything that .gitignore names, but .env."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    names = [line.strip("/") for line in lines if line and not line.startswith("#")]
    names = [name for name in names if name not in {".env", "*.py[co]"}]
    return [name.replace("*", "checkout") for name in names]
