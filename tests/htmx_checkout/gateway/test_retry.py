"""Calls to Stripe: a limit at once, a time budget, one retry."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from htmx_checkout.gateway import circuit_breaker, retry
from htmx_checkout.gateway.retry import CircuitOpen, Crowded, NotCalled, Verdict

PATIENCE_SECONDS = 10


class Clock:
    """Seconds that pass when somebody sleeps, or is told that they have."""

    def __init__(self):
        self.now = 1000.0
        self.pauses = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    monkeypatch.setattr(time, "sleep", clock.sleep)
    return clock


class Trouble(Exception):
    """An error of Stripe's, with what it means for a repeat."""

    def __init__(self, verdict, request_id=None):
        super().__init__("sk_test_abc was refused")
        self.verdict = verdict
        self.request_id = request_id


def verdict(error):
    return error.verdict


class Line:
    """What comes of one try after the other; each takes ``seconds``."""

    def __init__(self, clock, *outcomes, seconds=0.0):
        self.clock, self.seconds = clock, seconds
        self.outcomes = list(outcomes)
        self.tries = 0

    def __call__(self):
        self.tries += 1
        self.clock.now += self.seconds
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def unknown(**facts):
    return Trouble(Verdict.UNKNOWN, **facts)


def busy(**facts):
    return Trouble(Verdict.REPEAT, **facts)


def final():
    return Trouble(Verdict.FINAL)


def open_circuit():
    for _ in range(circuit_breaker.FAILURES):
        circuit_breaker.failed()
    assert circuit_breaker.state() == circuit_breaker.OPEN


def test_a_call_that_is_answered_is_made_once(clock):
    line = Line(clock, "intent")
    assert retry.make(line, verdict) == "intent"
    assert line.tries == 1
    assert clock.pauses == []


@pytest.mark.parametrize("error", [busy(), unknown()], ids=["busy", "unknown"])
def test_what_may_pass_is_tried_once_more_after_a_pause_f43(clock, error):
    line = Line(clock, error, "intent")
    assert retry.make(line, verdict) == "intent"
    assert line.tries == 2
    assert len(clock.pauses) == 1


def test_the_pause_has_jitter_and_an_end_f43(clock):
    for _ in range(50):
        retry.make(Line(clock, busy(), "intent"), verdict)
    assert all(
        retry.PAUSE_SECONDS / 2 <= pause <= retry.PAUSE_SECONDS
        for pause in clock.pauses
    )
    assert len(set(clock.pauses)) > 1


@pytest.mark.parametrize("kind", [busy, unknown])
def test_there_is_one_repeat_and_the_last_error_comes_out_as_it_was_f43(clock, kind):
    first, last = kind(), kind()
    line = Line(clock, first, last, "intent")
    with pytest.raises(Trouble) as raised:
        retry.make(line, verdict)
    assert raised.value is last
    assert last.__context__ is None
    assert line.tries == 2


def test_an_answer_that_is_final_is_not_asked_for_again_f47(clock):
    line = Line(clock, final(), "intent")
    with pytest.raises(Trouble):
        retry.make(line, verdict)
    assert line.tries == 1
    assert clock.pauses == []


def test_the_error_that_nobody_sees_is_logged_with_stripes_request_id(clock, caplog):
    retry.make(Line(clock, busy(request_id="req_123"), "intent"), verdict)
    assert "req_123" in caplog.text
    assert "sk_test" not in caplog.text


def test_two_tries_that_wait_for_an_answer_in_vain_end_within_the_budget_f48(clock):
    line = Line(clock, unknown(), unknown(), seconds=5.2)
    started = clock.now
    with pytest.raises(Trouble):
        retry.make(line, verdict)
    assert line.tries == 2
    assert clock.now - started <= retry.BUDGET_SECONDS == 12


@pytest.mark.parametrize("seconds", [5.875, 6.0, 11.0, 80.0])
def test_there_is_no_repeat_that_could_take_longer_than_what_is_left_f48(
    clock, seconds
):
    error = unknown()
    line = Line(clock, error, "intent", seconds=seconds)
    with pytest.raises(Trouble) as raised:
        retry.make(line, verdict)
    assert raised.value is error
    assert line.tries == 1
    assert clock.now - 1000 == seconds


def test_an_open_circuit_refuses_before_anything_is_sent_f51(clock):
    open_circuit()
    line = Line(clock, "intent")
    with pytest.raises(CircuitOpen, match="circuit open"):
        retry.make(line, verdict)
    assert line.tries == 0


def test_unknown_outcomes_open_the_circuit_the_repeat_counts_too_f48(clock):
    line = Line(clock, *(unknown() for _ in range(50)))
    for _ in range(10):
        with pytest.raises((Trouble, CircuitOpen)):
            retry.make(line, verdict)
    assert line.tries == circuit_breaker.FAILURES


def test_a_busy_stripe_opens_nothing_f43(clock):
    for _ in range(circuit_breaker.FAILURES):
        with pytest.raises(Trouble):
            retry.make(Line(clock, busy(), busy()), verdict)
    assert circuit_breaker.state() == circuit_breaker.CLOSED


def test_a_409_after_each_timeout_does_not_hide_that_nobody_answers_f49(clock):
    for _ in range(circuit_breaker.FAILURES):
        with pytest.raises(Trouble):
            retry.make(Line(clock, unknown(), busy()), verdict)
    assert circuit_breaker.state() == circuit_breaker.OPEN


@pytest.mark.parametrize("answer", ["intent", final()], ids=["success", "refusal"])
def test_any_answer_closes_the_circuit_f51(clock, answer):
    for _ in range(circuit_breaker.FAILURES - 1):
        circuit_breaker.failed()
    with suppress(Trouble):
        retry.make(Line(clock, answer), verdict)
    circuit_breaker.failed()
    assert circuit_breaker.state() == circuit_breaker.CLOSED


def test_no_repeat_goes_to_a_stripe_that_has_just_been_given_up_f51(clock):
    for _ in range(circuit_breaker.FAILURES - 1):
        circuit_breaker.failed()
    line = Line(clock, unknown(), "intent")
    with pytest.raises(Trouble):
        retry.make(line, verdict)
    assert line.tries == 1
    assert clock.pauses == []


class Hanging:
    """Calls that do not come back until they are told to."""

    def __init__(self, pool):
        self.pool, self.go_on = pool, threading.Event()
        self.begun = threading.Semaphore(0)
        self.under_way = []

    def __call__(self):
        self.begun.release()
        assert self.go_on.wait(PATIENCE_SECONDS)
        return "late"

    def start(self, number):
        for _ in range(number):
            self.under_way.append(self.pool.submit(retry.make, self, verdict))
            assert self.begun.acquire(timeout=PATIENCE_SECONDS)

    def end(self):
        self.go_on.set()
        assert {call.result(PATIENCE_SECONDS) for call in self.under_way} == {"late"}


@pytest.fixture
def hanging():
    with ThreadPoolExecutor(retry.AT_ONCE + 2) as pool:
        hanging = Hanging(pool)
        yield hanging
        hanging.end()


def never():
    raise AssertionError("It was called.")


def test_when_all_places_hang_the_next_is_turned_away_soon_f49(hanging):
    hanging.start(retry.AT_ONCE)
    started = time.monotonic()
    with pytest.raises(Crowded):
        retry.make(never, verdict)
    assert time.monotonic() - started < retry.WAIT_SECONDS + 0.5
    assert issubclass(Crowded, NotCalled)
    assert issubclass(CircuitOpen, NotCalled)


def test_one_place_less_is_enough_for_the_next_f49(hanging):
    hanging.start(retry.AT_ONCE - 1)
    assert retry.make(lambda: "at once", verdict) == "at once"


def test_two_of_gunicorns_eight_threads_are_left_for_the_shop_f49():
    assert retry.AT_ONCE == 6


def test_who_waits_for_a_place_gets_the_first_that_is_free_f49(hanging):
    hanging.start(retry.AT_ONCE)
    threading.Timer(0.1, hanging.go_on.set).start()
    assert retry.make(lambda: "after all", verdict) == "after all"


@pytest.mark.parametrize("error", [final(), busy(), KeyboardInterrupt()])
def test_a_call_that_fails_leaves_its_place_f49(clock, error):
    def fail():
        raise error

    for _ in range(retry.AT_ONCE + 1):
        with pytest.raises(type(error)):
            retry.make(fail, verdict)


def test_a_call_that_is_refused_leaves_its_place_f49(clock):
    open_circuit()
    for _ in range(retry.AT_ONCE + 1):
        with pytest.raises(CircuitOpen):
            retry.make(never, verdict)
    circuit_breaker.succeeded()
    assert retry.make(lambda: "intent", verdict) == "intent"


def test_nobody_waits_for_a_place_while_the_circuit_is_open_f49(hanging):
    hanging.start(retry.AT_ONCE)
    open_circuit()
    started = time.monotonic()
    with pytest.raises(CircuitOpen):
        retry.make(never, verdict)
    assert time.monotonic() - started < retry.WAIT_SECONDS / 2


def test_who_waited_while_the_circuit_opened_does_not_ask_f49(hanging):
    hanging.start(retry.AT_ONCE)
    waiting = hanging.pool.submit(retry.make, never, verdict)
    threading.Event().wait(0.1)
    open_circuit()
    hanging.go_on.set()
    # Whichever of those under way succeeds first closes nothing that it never saw.
    with pytest.raises(CircuitOpen):
        waiting.result(PATIENCE_SECONDS)


def test_fifty_at_once_all_get_their_turn_f59():
    most, under_way, lock = 0, 0, threading.Lock()

    def call():
        nonlocal most, under_way
        with lock:
            under_way += 1
            most = max(most, under_way)
        threading.Event().wait(0.02)
        with lock:
            under_way -= 1
        return "intent"

    with ThreadPoolExecutor(50) as pool:
        done = [pool.submit(retry.make, call, verdict) for _ in range(50)]
        assert {call.result(PATIENCE_SECONDS) for call in done} == {"intent"}
    assert most == retry.AT_ONCE
