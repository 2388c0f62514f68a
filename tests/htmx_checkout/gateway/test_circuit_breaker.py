"""The circuit breaker: closed, open, half-open."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache.backends.locmem import LocMemCache

from htmx_checkout.gateway import circuit_breaker
from htmx_checkout.gateway.circuit_breaker import CLOSED, FAILURES, HALF_OPEN, OPEN
from tests.support.readme import ROOT

LONGEST_OPEN = circuit_breaker.OPEN_SECONDS * (1 + circuit_breaker.JITTER)


SHORTEST_OPEN = circuit_breaker.OPEN_SECONDS * (1 - circuit_breaker.JITTER)


class Clock:
    """The time of day, which passes only when told to."""

    def __init__(self):
        self.now = time.time()

    def time(self):
        return self.now

    def pass_by(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    return clock


def fail(times=FAILURES):
    for _ in range(times):
        assert circuit_breaker.allows()
        circuit_breaker.failed()


def open_circuit():
    fail()
    assert circuit_breaker.state() == OPEN


def half_open(clock):
    open_circuit()
    clock.pass_by(LONGEST_OPEN + 0.1)
    assert circuit_breaker.state() == HALF_OPEN


def test_failures_in_a_row_open_the_circuit_f48(clock):
    fail(FAILURES - 1)
    assert circuit_breaker.state() == CLOSED
    assert circuit_breaker.allows()
    circuit_breaker.failed()
    assert circuit_breaker.state() == OPEN
    assert not circuit_breaker.allows()


def test_an_answer_between_failures_starts_the_count_anew_f48(clock):
    fail(FAILURES - 1)
    assert circuit_breaker.allows()
    circuit_breaker.succeeded()
    fail(FAILURES - 1)
    assert circuit_breaker.state() == CLOSED


def test_failures_far_apart_open_nothing(clock):
    for _ in range(3):
        fail(FAILURES - 1)
        clock.pass_by(circuit_breaker.WINDOW_SECONDS + 1)
    assert circuit_breaker.state() == CLOSED


def test_the_circuit_stays_open_for_about_its_time_f51(clock):
    open_circuit()
    clock.pass_by(SHORTEST_OPEN - 0.1)
    assert circuit_breaker.state() == OPEN
    assert not circuit_breaker.allows()
    clock.pass_by(LONGEST_OPEN - SHORTEST_OPEN + 0.2)
    assert circuit_breaker.state() == HALF_OPEN


def test_circuits_that_opened_together_do_not_come_back_together_f51(clock):
    open_at_the_middle = set()
    for _ in range(40):
        open_circuit()
        clock.pass_by(circuit_breaker.OPEN_SECONDS)
        open_at_the_middle.add(circuit_breaker.state())
        clock.pass_by(circuit_breaker.REMEMBERED_SECONDS)
    assert open_at_the_middle == {OPEN, HALF_OPEN}


def test_half_open_one_of_a_herd_is_let_through_f51(clock):
    half_open(clock)
    herd = 20
    barrier = Barrier(herd)

    def ask(_):
        barrier.wait(timeout=10)
        return circuit_breaker.allows()

    with ThreadPoolExecutor(herd) as pool:
        assert sum(pool.map(ask, range(herd))) == 1
    assert not circuit_breaker.allows()


def test_a_probe_that_succeeds_closes_the_circuit_f51(clock):
    half_open(clock)
    assert circuit_breaker.allows()
    circuit_breaker.succeeded()
    assert circuit_breaker.state() == CLOSED
    assert all(circuit_breaker.allows() for _ in range(3))
    fail(FAILURES - 1)
    assert circuit_breaker.state() == CLOSED


def test_a_probe_that_fails_opens_it_again_f51(clock):
    half_open(clock)
    assert circuit_breaker.allows()
    circuit_breaker.failed()
    assert circuit_breaker.state() == OPEN
    assert not circuit_breaker.allows()


def test_the_next_probe_finds_the_place_of_the_last_one_free_f51(clock):
    half_open(clock)
    for _ in range(40):
        assert circuit_breaker.allows()
        circuit_breaker.failed()
        clock.pass_by(circuit_breaker.PROBE_SECONDS - 0.1)
        if circuit_breaker.state() == HALF_OPEN:
            assert circuit_breaker.allows()
            return
        clock.pass_by(LONGEST_OPEN)
    pytest.fail("Forty times it stayed open for longer than a probe keeps its place.")


def test_a_circuit_that_opens_anew_stays_open_for_its_whole_time_f51(clock):
    fail(FAILURES - 1)
    assert circuit_breaker.allows()
    circuit_breaker.failed()
    circuit_breaker.succeeded()
    assert circuit_breaker.state() == CLOSED
    clock.pass_by(SHORTEST_OPEN - 1)
    open_circuit()
    clock.pass_by(SHORTEST_OPEN - 0.1)
    assert circuit_breaker.state() == OPEN


def test_a_probe_that_never_comes_back_leaves_its_place_f51(clock):
    half_open(clock)
    assert circuit_breaker.allows()
    clock.pass_by(circuit_breaker.PROBE_SECONDS - 0.1)
    assert not circuit_breaker.allows()
    clock.pass_by(0.2)
    assert circuit_breaker.allows()


def test_an_open_circuit_does_not_close_because_nobody_has_asked_f51(clock):
    open_circuit()
    clock.pass_by(circuit_breaker.REMEMBERED_SECONDS - 1)
    assert circuit_breaker.state() == HALF_OPEN
    clock.pass_by(2)
    assert circuit_breaker.state() == CLOSED


def test_calls_that_were_under_way_do_not_keep_the_circuit_open_f51(clock):
    open_circuit()
    clock.pass_by(SHORTEST_OPEN - 0.1)
    circuit_breaker.failed()
    clock.pass_by(LONGEST_OPEN - SHORTEST_OPEN + 0.2)
    assert circuit_breaker.state() == HALF_OPEN


class Counting(LocMemCache):
    """Django's own, and it counts."""

    asked = []


def counted(name):
    def method(self, *args, **kwargs):
        self.asked.append(name)
        return getattr(LocMemCache, name)(self, *args, **kwargs)

    return method


for name in "get add set touch incr delete".split():
    setattr(Counting, name, counted(name))


class Broken:
    """A cache whose server is gone."""

    def __init__(self, *args):
        pass

    def close(self):
        """Django does so when the test is over."""

    def __getattr__(self, name):
        raise ConnectionError("redis://:password@cache.example")


class Garbled(LocMemCache):
    """A cache that somebody else writes into too."""

    def get(self, *args, **kwargs):
        return "something else"


def use(settings, cache, **more):
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.{cache}"} | more}


def test_while_all_is_well_a_call_costs_one_look_and_no_write_f49(settings):
    use(settings, "Counting")
    Counting.asked.clear()
    assert circuit_breaker.allows()
    circuit_breaker.succeeded()
    assert Counting.asked == ["get"]
    fail(1)
    assert circuit_breaker.allows()
    circuit_breaker.succeeded()
    Counting.asked.clear()
    assert circuit_breaker.allows()
    circuit_breaker.succeeded()
    assert Counting.asked == ["get"]


@pytest.mark.parametrize("cache", ["Broken", "Garbled"])
def test_a_cache_that_fails_stops_no_payment_f49(settings, cache, caplog):
    use(settings, cache)
    for _ in range(FAILURES + 1):
        assert circuit_breaker.allows()
        circuit_breaker.failed()
    assert circuit_breaker.allows()
    circuit_breaker.succeeded()
    assert circuit_breaker.state() == CLOSED
    assert "The breaker's cache failed" in caplog.text
    assert "password" not in caplog.text


def test_a_cache_that_keeps_nothing_stops_no_payment_f49(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }
    fail(FAILURES + 1)
    assert circuit_breaker.state() == CLOSED


ANOTHER_WORKER = """
import sys
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["htmx_checkout"], CACHES={"default": {
    "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
    "LOCATION": sys.argv[1],
}})
django.setup()
from htmx_checkout.gateway import circuit_breaker
print(circuit_breaker.state(), circuit_breaker.allows())
"""


def test_with_a_shared_cache_the_state_survives_a_workers_restart_f51(
    settings, tmp_path
):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path,
        }
    }
    open_circuit()
    another = [sys.executable, "-c", ANOTHER_WORKER, str(tmp_path)]
    said = subprocess.run(
        another, cwd=ROOT / "checkout", capture_output=True, text=True, check=True
    )
    assert said.stdout == "open False\n"


def test_opening_and_closing_are_each_told_once(clock, caplog):
    open_circuit()
    circuit_breaker.failed()
    clock.pass_by(LONGEST_OPEN + 0.1)
    assert circuit_breaker.allows()
    circuit_breaker.succeeded()
    told = [record.getMessage() for record in caplog.records]
    assert [words.partition(":")[0] for words in told] == [
        "Stripe does not answer",
        "Stripe answers again",
    ]
