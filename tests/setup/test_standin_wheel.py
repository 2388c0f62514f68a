"""The stand-in's own wheel: built, installed with nothing else, and asked to charge."""

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "checkout" / "stripe_standin"
NOT_IN_THE_WHEEL = {"pyproject.toml", "README.md", "LICENSE"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel"]
    subprocess.run(
        [*command, "--outdir", folder, PACKAGE], check=True, capture_output=True
    )
    (file,) = folder.glob("stripe_standin-*-py3-none-any.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """A Python that has the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    # pip comes from here: a fresh one in every environment costs seconds.
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    python = folder / "venv" / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", python, "install", "-qq"]
    options = ["--disable-pip-version-check", "--no-index", "--no-deps"]
    subprocess.run([*command, *options, wheel], check=True, capture_output=True)
    return python


@pytest.fixture
def base_url(installed, tmp_path):
    """Where ``python -m stripe_standin`` says that it listens."""
    started = subprocess.Popen(
        [installed, "-m", "stripe_standin", "--port", "0"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield re.search(r"http://127\.0\.0\.1:\d+", started.stdout.readline())[0]
    finally:
        started.terminate()
        started.communicate(timeout=10)


def ask(url, body=None):
    headers = {"Authorization": "Bearer sk_test_standin"}
    opener = build_opener(ProxyHandler({}))
    with opener.open(Request(url, body, headers), timeout=10) as answer:
        return answer.read()


def test_it_carries_the_whole_package_and_nothing_else(wheel):
    expected = {
        f"stripe_standin/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and not {"__pycache__", "dist"} & {*path.parts}
    }
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
    assert names == expected - {f"stripe_standin/{name}" for name in NOT_IN_THE_WHEEL}


def test_it_requires_nothing_and_is_typed(wheel):
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (n for n in opened.namelist() if n.endswith("/METADATA"))
        assert "Requires-Dist" not in opened.read(name).decode()
        assert "stripe_standin/py.typed" in opened.namelist()


def test_installed_alone_it_takes_a_payment_and_serves_the_script(base_url):
    given = b"amount=4200&currency=gbp&confirm=true&payment_method=pm_card_visa"
    given += b"&return_url=https://shop.example/return"
    intent = json.loads(ask(f"{base_url}/v1/payment_intents", given))
    assert (intent["status"], intent["amount_received"]) == ("succeeded", 4200)
    assert b"PaymentIntent" in ask(f"{base_url}/endive/stripe.js")
