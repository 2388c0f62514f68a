"""The lines that README.md tells a host to write: they run as they stand there."""

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.support.readme import ROOT, blocks, files

HOST = files(blocks("python")[0])

# Linked into the app by an editable install, and copied into it here.
KINDS = ("templates", "static")

# What Ada does; it runs in the host's own process and settings.
VISIT = (ROOT / "tests/bare/visit.py").read_text()


def test_the_lines_set_at_most_three_keys():
    (keys,) = (
        ast.literal_eval(node.value)
        for node in ast.parse(HOST["mysite/settings.py"]).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CHECKOUT"
    )
    assert len(keys) <= 3


@pytest.fixture
def host(tmp_path):
    return started(tmp_path)


@pytest.fixture(scope="module")
def visited(tmp_path_factory, standin_server):
    """What such a host says while Ada pays, and which tables it has then."""
    host, url = started(tmp_path_factory.mktemp("host")), standin_server.base_url
    keys = {"SECRET_KEY": "sk_test_host", "PUBLISHABLE_KEY": "pk_test_host"}
    stripe = {"API_BASE": url, "SCRIPT_URL": f"{url}/endive/stripe.js"}
    append(host / "mysite/settings.py", f"CHECKOUT |= {keys | stripe}\n")
    return run(host, "-c", VISIT)


def started(tmp_path):
    """What ``startproject`` has just made, with the app installed beside it."""
    run(tmp_path, "-m", "django", "startproject", "mysite", ".")
    app = tmp_path / "htmx_checkout"
    source = ROOT / "checkout/htmx_checkout"
    shutil.copytree(source, app, ignore=shutil.ignore_patterns("*.pyc", *KINDS))
    for kind in KINDS:
        shutil.copytree(ROOT / kind / "htmx_checkout", app / kind / "htmx_checkout")
    for name, lines in HOST.items():
        append(tmp_path / name, lines)
    return tmp_path


def append(path, lines):
    with path.open("a") as file:
        file.write("\n" + lines)


def run(folder, *words):
    """Run Python in the host, cut off from this repository; return what it says."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PATH": os.defpath, "DJANGO_SETTINGS_MODULE": "mysite.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_there_are_twelve_of_them_and_some_imports():
    lines = "".join(HOST.values()).splitlines()
    assert len([line for line in lines if line and not line.startswith("from ")]) == 12


def test_the_twelve_lines_take_a_payment_in_a_fresh_project(visited):
    assert re.search(r"^\w{5}-\w{5} is paid: \$42\.00$", visited, re.MULTILINE), visited


def test_such_a_host_gets_ten_tables_at_most(visited):
    tables = re.search("^Tables: (.*)$", visited, re.MULTILINE)[1].split()
    ours = [name for name in tables if name.startswith("htmx_checkout_")]
    assert 1 <= len(ours) <= 10, ours


def test_the_twelve_lines_are_told_by_check_what_they_lack(host):
    said = run(host, "manage.py", "check")
    assert set(re.findall(r"htmx_checkout\.\w\d+", said)) == {
        "htmx_checkout.W001",
        "htmx_checkout.W003",
    }


def test_with_the_lines_that_check_asks_for_it_finds_nothing(host):
    append(host / "mysite/settings.py", blocks("python")[1])
    run(host, "manage.py", "check", "--fail-level", "INFO")


def test_the_order_source_makes_a_draft_that_can_be_charged():
    (block,) = [block for block in blocks("python") if "def draft" in block]
    names = {}
    exec(block, names)
    draft = names["draft"](None)
    draft.check()
    assert draft.total.display("en") == "£28.00"


def test_the_classic_script_is_the_one_that_a_browser_runs():
    (block,) = blocks("js")
    assert block in (ROOT / "tests/classic/pay.js").read_text()
