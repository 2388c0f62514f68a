"""``bin/find-chromium`` among browsers that start and browsers that do not."""

import os
import shutil
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


@pytest.fixture
def bare(tmp_path):
    """A machine of a few tools and no browser, whose apt-get can be written."""
    for name in ("sh", "dirname", "cat", "rm", "mktemp"):
        (tmp_path / name).symlink_to(shutil.which(name))
    (tmp_path / "id").write_text("#!/bin/sh\necho 0\n")
    (tmp_path / "id").chmod(0o755)
    root = tmp_path / "root"
    (root / "bin").mkdir(parents=True)
    script = (ROOT / "bin/find-chromium").read_text()
    # Where this machine has one, that one has none.
    (root / "bin/find-chromium").write_text(
        script.replace("/usr/bin/chromium", f"{tmp_path}/chromium")
    )
    return tmp_path


def install(folder, apt_get):
    (folder / "apt-get").write_text(f"#!/bin/sh\necho 'Hundreds of lines'\n{apt_get}\n")
    (folder / "apt-get").chmod(0o755)
    return subprocess.run(
        [shutil.which("sh"), folder / "root/bin/find-chromium"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installation_is_told_in_one_line(bare):
    chromium = bare / "chromium"
    made = f"echo '#!/bin/sh' >{chromium}; /bin/chmod +x {chromium}"
    answer = install(bare, made)
    assert answer.stdout == f"{chromium}\n"
    assert answer.stderr == "No Chromium was found: installing one.\n"


def test_an_installation_that_fails_tells_all_that_it_said(bare):
    answer = install(bare, "exit 1")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Hundreds of lines" in answer.stderr
    assert "No Chromium for the browser tests" in answer.stderr.splitlines()[-1]
