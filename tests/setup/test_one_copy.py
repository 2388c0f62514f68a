"""Each program of ours loads the app once, as ``htmx_checkout``.

With the root of the repository on the import path, which tests and the bench need,
``checkout.htmx_checkout.signals`` would import too: a second copy of the app, whose
signals nobody sends.
"""

import os
import signal
import socket
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from bench import turns
from tests.soak import scene

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "checkout"
MANAGE = str(ROOT / "manage.py")
PATIENCE_SECONDS = 60

# Python imports it before anything else. It writes down each module that is found in
# the folder `checkout/`, or that is called so, at once: a program may be killed.
PROBE = f"""
import os, sys
from importlib.machinery import PathFinder

class Probe:
    @staticmethod
    def find_spec(name, path=None, target=None):
        spec = PathFinder.find_spec(name, path, target)
        origin = str(spec and spec.origin)
        if origin.startswith({str(APP)!r}) or name.partition(".")[0] == "checkout":
            with open(os.environ["PROBE"], "a") as file:
                words = " ".join(sys.orig_argv)
                file.write(f"{{os.getpid()}}\\t{{words}}\\t{{name}}\\t{{origin}}\\n")

sys.meta_path.insert(0, Probe)
"""


class Programs:
    """Starts programs in another folder, and knows what they have imported."""

    def __init__(self, folder):
        self.folder, self.found = folder, folder / "found"
        (folder / "probe").mkdir()
        (folder / "probe/sitecustomize.py").write_text(PROBE)
        self.environment = {
            "PATH": os.environ["PATH"],
            "PROBE": str(self.found),
            "ENV_FILE": os.devnull,
            "DEBUG": "on",
            "SECRET_KEY": "only for this test",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        }

    def start(self, *arguments, path="", **variables):
        probe = self.folder / "probe"
        path = f"{probe}{os.pathsep}{path}" if path else str(probe)
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment | variables | {"PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments, fails=False, **given):
        """Run one to its end; ``fails`` where it has nothing to do its work with."""
        program = self.start(*arguments, **given)
        said, _ = program.communicate(timeout=PATIENCE_SECONDS)
        assert fails or program.returncode == 0, said
        return said

    def copies(self):
        """The command of each process, and the names and files that it has found."""
        processes = defaultdict(dict)
        for line in self.found.read_text().splitlines():
            pid, words, name, origin = line.split("\t")
            processes[pid, words][name] = origin
        return {words: names for (_pid, words), names in processes.items()}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A database with all tables, for programs that need one."""
    programs = Programs(tmp_path_factory.mktemp("migrated"))
    programs.run(MANAGE, "migrate", "--verbosity", "0")
    return programs


@pytest.fixture
def programs(migrated):
    migrated.found.write_text("")
    return migrated


def holds_one_copy(programs):
    """Each process found the app by its own name and in its own folder only."""
    copies = programs.copies()
    assert copies, "None of them loaded the app."
    for names in copies.values():
        assert "htmx_checkout.signals" in names
        for name, origin in names.items():
            assert name.partition(".")[0] != "checkout", (name, origin)
            expected = APP.joinpath(*name.split("."))
            assert origin in {f"{expected}.py", f"{expected}/__init__.py"}


SHELL = "from htmx_checkout.signals import order_paid; assert order_paid.receivers"


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("shell", "--command", SHELL),
        ("db_worker", "--batch"),
        ("checkout_reconcile", "--help"),
    ],
    ids=lambda command: command[0],
)
def test_manage_py_loads_one_copy(programs, command):
    programs.run(MANAGE, *command)
    holds_one_copy(programs)


@pytest.mark.parametrize("path", [ROOT / "site", f"{ROOT}{os.pathsep}{ROOT / 'site'}"])
@pytest.mark.parametrize("module", ["project.wsgi", "project.asgi"])
def test_a_server_loads_one_copy_with_the_root_on_its_path_too(programs, module, path):
    programs.run("-c", f"import {module}", path=path)
    holds_one_copy(programs)


def test_gunicorn_loads_one_copy(programs):
    server = ["-m", "gunicorn", "--chdir", str(ROOT / "site"), "project.wsgi"]
    programs.run(*server, "--check-config")
    holds_one_copy(programs)


def test_the_bench_loads_one_copy(programs):
    programs.run("-m", "bench", "calls", path=ROOT)
    holds_one_copy(programs)


def test_a_side_of_the_bench_loads_one_copy(programs):
    # Its database is not there, which it finds out after it has loaded the app.
    command = ["-m", "bench.ours", "no_such_database", "http://127.0.0.1:9"]
    programs.run(*command, path=turns.IMPORT_PATH, fails=True)
    holds_one_copy(programs)


def test_a_program_of_the_soak_loads_one_copy(programs):
    settings = {"DJANGO_SETTINGS_MODULE": "tests.soak.settings"}
    stripe = {"SOAK_STRIPE": "http://127.0.0.1:9"}
    command = [MANAGE, "db_worker", "--help"]
    programs.run(*command, path=scene.IMPORT_PATH, **settings, **stripe)
    holds_one_copy(programs)


def test_the_simulation_loads_one_copy(programs):
    programs.run("-m", "tests.simulation", "--replay", "1:1", path=ROOT)
    holds_one_copy(programs)


def test_the_demo_and_what_it_starts_load_one_copy(programs):
    ports = {"PORT": free_port(), "STANDIN_PORT": free_port()}
    demo = programs.start(MANAGE, "demo", **ports)
    try:
        said = ""
        while "Ctrl-C" not in said:
            said = demo.stdout.readline()
            assert said, demo.communicate()
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=PATIENCE_SECONDS)
    # The demo, the shop behind Django's reloader, and the worker.
    holds_one_copy(programs)
    told = " ".join(programs.copies())
    assert {"demo", "runserver", "db_worker"} <= {*told.split()}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.parametrize(
    "line",
    [
        "import checkout.htmx_checkout.signals",
        "from checkout.htmx_checkout.signals import order_paid",
        "from checkout.htmx_checkout import signals",
        "from checkout import htmx_checkout",
    ],
)
def test_ruff_refuses_the_second_name(tmp_path, line):
    planted = tmp_path / "planted.py"
    planted.write_text(f"{line}\n")
    config = str(ROOT / "pyproject.toml")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", config]
    done = subprocess.run(
        [*command, "--select", "TID251", planted],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "TID251" in done.stdout


def test_the_probe_sees_a_second_copy(programs):
    """The tests above would go red."""
    programs.run("-c", "import checkout.htmx_checkout.signals", path=ROOT)
    with pytest.raises(AssertionError):
        holds_one_copy(programs)


def test_check_refuses_a_second_copy(programs):
    """In a program that nothing here starts."""
    code = "import checkout.htmx_checkout.signals, django; django.setup()\n"
    code += "from django.core.management import call_command; call_command('check')"
    settings = {"DJANGO_SETTINGS_MODULE": "project.settings"}
    said = programs.run("-c", code, path=turns.IMPORT_PATH, fails=True, **settings)
    assert "htmx_checkout.E013" in said
