"""``make demo`` as a person meets it: started, in the way of a port, and ended."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 30
OWN_KEYS = {
    "STRIPE_SECRET_KEY": "sk_test_1",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def environment(tmp_path):
    """The environment of a fresh machine, with ports and files of its own."""
    return {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "DEBUG": "on",
        "SECRET_KEY": "only for this demo",
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PORT": str(free_port()),
        "STANDIN_PORT": str(free_port()),
    }


@pytest.fixture
def demo(environment):
    """Start the demo, however a test wants it, and leave none behind."""
    started = []

    def start(*before, **variables):
        process = subprocess.Popen(
            [*before, sys.executable, ROOT / "manage.py", "demo"],
            env=environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A group of its own: what is left in it afterwards is an orphan.
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def refusal(process):
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 1, (out, err)
    assert err.count("\n") == 1, err
    return err


def read_until(word, process):
    """Return the lines that the demo printed, up to one that holds ``word``."""
    lines = []
    while not lines or word not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], process.stderr.read()
    return "".join(lines)


def status(port, path):
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    asked.request("GET", path)
    answer = asked.getresponse()
    answer.read()
    asked.close()
    return answer.status


def nobody_is_left(group):
    """Whether every process of the group ended; it may take them a moment."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_both_says_where_and_ends_both(demo, environment, ending):
    process = demo()
    printed = read_until("Ctrl-C", process)
    shop, desk = int(environment["PORT"]), int(environment["STANDIN_PORT"])
    assert f"http://127.0.0.1:{shop}/" in printed
    assert f"http://127.0.0.1:{desk}/desk" in printed
    assert "4242 4242 4242 4242" in printed
    assert status(shop, "/") == 200
    assert status(desk, "/desk") == 200

    process.send_signal(ending)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert nobody_is_left(process.pid)


def test_it_can_be_interrupted_in_the_background_of_a_script(demo):
    process = demo("sh", "-c", """trap '' INT; exec "$0" "$@" """)
    read_until("Ctrl-C", process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert nobody_is_left(process.pid)


@pytest.mark.parametrize("name", ["PORT", "STANDIN_PORT"])
def test_a_busy_port_is_named_with_the_way_out(demo, environment, name):
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(environment[name])))
        other.listen()
        sentence = refusal(demo())
    assert f"Port {environment[name]} cannot be used" in sentence
    assert f"make demo {name}=" in sentence


def test_one_port_for_both_is_refused(demo, environment):
    assert "Choose two" in refusal(demo(STANDIN_PORT=environment["PORT"]))


def test_it_never_runs_as_production(demo):
    assert "needs DEBUG=on" in refusal(demo(**OWN_KEYS, DEBUG="off"))


def test_half_a_set_of_keys_is_refused_in_one_line(demo):
    sentence = refusal(demo(STRIPE_SECRET_KEY="sk_test_1"))
    assert "Only a part of the Stripe keys is set" in sentence


def test_real_test_keys_need_no_stand_in(demo, environment):
    process = demo(**OWN_KEYS)
    assert "without a stand-in" in read_until("Ctrl-C", process)
    with pytest.raises(ConnectionRefusedError):
        status(int(environment["STANDIN_PORT"]), "/")
    process.terminate()
    process.communicate(timeout=PATIENCE_SECONDS)
    assert nobody_is_left(process.pid)
