"""``bin/find-chromium`` among browsers that start and browsers that do not."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def browser(tmp_path):
    def install(name, *, starts=True):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\nexit {0 if starts else 1}\n")
        path.chmod(0o755)
        return str(path)

    return install


def find(folder, **environment):
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.run(
        [ROOT / "bin/find-chromium"],
        env={"PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_on_the_path_is_taken(browser, tmp_path):
    chromium = browser("chromium")
    assert find(tmp_path).stdout == f"{chromium}\n"


def test_one_that_does_not_start_is_passed_over(browser, tmp_path):
    browser("chromium", starts=False)
    chrome = browser("chromium-browser")
    assert find(tmp_path).stdout == f"{chrome}\n"


def test_a_named_one_wins(browser, tmp_path):
    browser("chromium")
    named = browser("mine")
    assert find(tmp_path, CHROMIUM=named).stdout == f"{named}\n"


def test_a_named_one_that_does_not_start_is_refused_in_one_line(browser, tmp_path):
    browser("chromium")
    named = browser("mine", starts=False)
    answer = find(tmp_path, CHROMIUM=named)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == (
        f"CHROMIUM={named} does not start. Name another, or unset it.\n"
    )
