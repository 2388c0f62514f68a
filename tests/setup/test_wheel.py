"""What a host gets when it installs the wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel"]
    subprocess.run(
        [*command, "--outdir", folder, ROOT], check=True, capture_output=True
    )
    (file,) = folder.glob("django_htmx_checkout-*.whl")
    with zipfile.ZipFile(file) as opened:
        return {*opened.namelist()}


def files_under(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_it_carries_every_module_and_the_mark_that_it_is_typed(wheel):
    folder = ROOT / "checkout/htmx_checkout"
    modules = {f"htmx_checkout/{name}" for name in files_under(folder)}
    assert modules <= wheel
    assert "htmx_checkout/py.typed" in wheel


@pytest.mark.parametrize("kind", ["templates", "static"])
def test_it_carries_every_template_and_style(wheel, kind):
    folder = ROOT / kind / "htmx_checkout"
    place = f"htmx_checkout/{kind}/htmx_checkout"
    expected = {f"{place}/{name}" for name in files_under(folder)}
    assert expected
    assert expected <= wheel


def test_it_carries_no_stand_in(wheel):
    assert not any("standin" in name for name in wheel)


def test_it_carries_nothing_else(wheel):
    tops = {name.split("/", maxsplit=1)[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"htmx_checkout"}
