"""The idempotency store: one key, one answer."""

import pytest

PATH = "/v1/payment_intents"
GIVEN = {"amount": 4200, "currency": "gbp"}


def count(client):
    return len(client.get(PATH, {"limit": 100})["data"])


def test_a_repeat_gets_the_first_answer(client):
    first = client.post(PATH, GIVEN, again="k1")
    second = client.post(PATH, GIVEN, again="k1")
    assert second.body == first.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Original-Request"] == first.headers["Request-Id"]
    assert second.headers["Idempotency-Key"] == "k1"
    assert "Idempotent-Replayed" not in first.headers
    assert count(client) == 1


def test_a_key_without_a_repeat_is_echoed(client):
    assert client.post(PATH, GIVEN, again="k1").headers["Idempotency-Key"] == "k1"


@pytest.mark.parametrize(
    ("path", "given"),
    [(PATH, {"amount": 4300, "currency": "gbp"}), ("/v1/customers", {})],
)
def test_the_same_key_for_something_else_is_refused(client, path, given):
    client.post(PATH, GIVEN, again="k1")
    answer = client.post(path, given, again="k1")
    assert answer.status == 400
    assert answer.error["type"] == "idempotency_error"
    assert "k1" in answer.error["message"]
    assert "code" not in answer.error


def test_a_decline_is_kept(client):
    given = {
        **GIVEN,
        "confirm": True,
        "payment_method": "pm_card_visa_chargeDeclined",
        "return_url": "https://shop.example/",
    }
    first = client.post(PATH, given, again="k1")
    second = client.post(PATH, given, again="k1")
    assert first.status == second.status == 402
    assert second.headers["Idempotent-Replayed"] == "true"
    assert count(client) == 1


def test_a_500_is_kept_and_nothing_was_done(client, engine):
    from stripe_standin.protocol.faults import Fault

    engine.faults.add(Fault("server_error"))
    assert client.post(PATH, GIVEN, again="k1").status == 500
    second = client.post(PATH, GIVEN, again="k1")
    assert second.status == 500
    assert second.headers["Idempotent-Replayed"] == "true"
    assert count(client) == 0


def test_a_validation_failure_is_not_kept(client):
    assert client.post(PATH, {**GIVEN, "amount": 1}, again="k1").status == 400
    assert client.post(PATH, GIVEN, again="k1").status == 200


def test_a_429_is_not_kept(client, engine):
    from stripe_standin.protocol.faults import Fault

    engine.faults.add(Fault("rate_limit"))
    assert client.post(PATH, GIVEN, again="k1").status == 429
    assert client.post(PATH, GIVEN, again="k1").status == 200


def test_the_same_key_in_flight_is_409(client, engine):
    from stripe_standin.protocol.faults import Fault

    engine.faults.add(Fault("slow", seconds=5))
    first = client.post(PATH, GIVEN, again="k1")
    assert first.response.delay_seconds == 5
    busy = client.post(PATH, GIVEN, again="k1")
    assert (busy.status, busy.error["code"]) == (409, "idempotency_key_in_use")
    client.later(5)
    assert client.post(PATH, GIVEN, again="k1").body == first.body
    assert count(client) == 1


def test_keys_are_pruned_after_a_day_of_the_engines_clock(client):
    first = client.post(PATH, GIVEN, again="k1")
    client.later(24 * 3600 - 1)
    assert client.post(PATH, GIVEN, again="k1")["id"] == first["id"]
    client.later(1)
    assert client.post(PATH, GIVEN, again="k1")["id"] != first["id"]


def test_get_and_delete_ignore_the_key(client):
    client.post("/v1/customers", again="k1")
    answer = client.get("/v1/customers", again="k1")
    assert "Idempotency-Key" not in answer.headers


def test_a_key_may_not_be_longer_than_255(client):
    assert client.post(PATH, GIVEN, again="k" * 256).status == 400
    assert client.post(PATH, GIVEN, again="k" * 255).status == 200
