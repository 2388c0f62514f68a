"""Faults strike the next calls that match, and are counted."""

import pytest

from stripe_standin.protocol.faults import Fault

PATH = "/v1/payment_intents"
GIVEN = {"amount": 4200, "currency": "gbp"}


def made(client):
    return len(client.get(PATH)["data"])


@pytest.mark.parametrize(
    ("kind", "status", "code", "done"),
    [
        ("rate_limit", 429, "rate_limit", 0),
        ("lock_timeout", 429, "lock_timeout", 0),
        ("server_error", 500, None, 0),
        ("server_error_after", 500, None, 1),
        ("slow", 200, None, 1),
    ],
)
def test_a_fault_answers_for_the_api(client, engine, kind, status, code, done):
    engine.faults.add(Fault(kind))
    answer = client.post(PATH, GIVEN)
    assert answer.status == status
    if status != 200:
        assert answer.error.get("code") == code
    assert made(client) == done
    assert engine.faults.struck == {kind: 1}


def test_a_lock_timeout_may_be_tried_again(client, engine):
    engine.faults.add(Fault("lock_timeout"))
    assert client.post(PATH, GIVEN).headers["Stripe-Should-Retry"] == "true"
    engine.faults.add(Fault("rate_limit"))
    limited = client.post(PATH, GIVEN)
    assert limited.headers["Stripe-Rate-Limited-Reason"] == "global-rate"


@pytest.mark.parametrize(("kind", "done"), [("reset_before", 0), ("reset_after", 1)])
def test_a_connection_may_drop_before_or_after(client, engine, kind, done):
    engine.faults.add(Fault(kind))
    lost = client.post(PATH, GIVEN, again="k1")
    assert lost.response.reset
    assert made(client) == done
    again = client.post(PATH, GIVEN, again="k1")
    assert again.status == 200
    assert ("Idempotent-Replayed" in again.headers) == bool(done)
    assert made(client) == 1


def test_a_fault_waits_for_its_own_call(client, engine):
    engine.faults.add(Fault("server_error", path="/v1/refunds"))
    engine.faults.add(Fault("rate_limit", method="POST", calls=2))
    engine.faults.add(Fault("slow", key="publishable"))
    assert client.get(PATH).status == 200
    assert client.post(PATH, GIVEN).status == 429
    assert client.post(PATH, GIVEN).status == 429
    assert client.post(PATH, GIVEN).status == 200
    assert client.get("/v1/refunds").status == 500
    assert [fault.kind for fault in engine.faults.waiting] == ["slow"]


def test_latency_is_a_wish_on_every_answer(client, engine):
    engine.faults.latency_seconds = 0.3
    assert client.get(PATH).response.delay_seconds == 0.3


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "earthquake"},
        {"kind": "slow", "calls": 0},
        {"kind": "server_error", "status": 200},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(given):
    with pytest.raises(ValueError, match=r"fault|status"):
        Fault(**given)
