"""Events, the endpoints that get them, and how they get there."""

import hashlib
import hmac
import json

import pytest

from stripe_standin.webhooks.retries import RETRY_AFTER_SECONDS

SECRET = "whsec_for_tests"
URL = "http://127.0.0.1:9/hook"


@pytest.fixture
def endpoint(engine):
    return engine.register(URL, SECRET)


def types(deliveries):
    return [delivery.event_type for delivery in deliveries]


def deliver(engine, status=200):
    """Post everything that is due, and have it answered with ``status``."""
    sent = engine.due()
    for delivery in sent:
        engine.post(delivery)
        engine.delivered(delivery, status)
    return sent


def test_an_event_names_the_call_that_caused_it(client):
    intent = client.post(
        "/v1/payment_intents", {"amount": 900, "currency": "gbp"}, again="k1"
    )
    event = client.get("/v1/events")["data"][0]
    assert event["request"] == {
        "id": intent.headers["Request-Id"],
        "idempotency_key": "k1",
    }
    assert event["data"]["object"]["id"] == intent["id"]
    assert event["api_version"] == "2026-10-28.endive"


def test_an_event_keeps_the_picture_of_its_time(client):
    intent = client.intent()
    at = f"/v1/payment_intents/{intent['id']}"
    client.post(at, {"amount": 9000})
    event = client.get("/v1/events")["data"][0]
    assert event["data"]["object"]["amount"] == 4200


def test_a_delivery_is_signed(engine, client, endpoint):
    client.intent()
    (delivery,) = engine.due()
    request = engine.post(delivery)
    parts = dict(p.split("=") for p in request.header("stripe-signature").split(","))
    message = parts["t"].encode() + b"." + request.body
    digest = hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()
    assert parts["v1"] == digest
    assert int(parts["t"]) == engine.now()
    assert "v0" in parts
    assert (request.method, request.path) == ("POST", URL)
    body = json.loads(request.body)
    assert (body["type"], body["pending_webhooks"]) == ("payment_intent.created", 1)


def test_a_failed_delivery_is_tried_again_three_times(engine, client, clock, endpoint):
    client.intent()
    (delivery,) = deliver(engine, 500)
    for wait in RETRY_AFTER_SECONDS:
        clock.advance(wait - 1)
        assert engine.due() == []
        clock.advance(1)
        assert deliver(engine, None) == [delivery]
    assert (delivery.status, delivery.attempts) == ("failed", 4)
    assert sum(RETRY_AFTER_SECONDS) > 3600


@pytest.mark.parametrize(("status", "good"), [(200, 1), (204, 1), (302, 0), (400, 0)])
def test_only_2xx_is_success(engine, client, endpoint, status, good):
    client.intent()
    (delivery,) = deliver(engine, status)
    assert (delivery.status == "delivered") == bool(good)


def test_what_was_not_delivered_can_be_asked_for(engine, client, endpoint):
    engine.deliveries.mischief.drop_next = 1
    first = client.intent()
    client.intent()
    deliver(engine)
    lost = client.get("/v1/events", {"delivery_success": False})["data"]
    assert [e["data"]["object"]["id"] for e in lost] == [first["id"]]
    assert lost[0]["pending_webhooks"] == 1
    had = client.get("/v1/events", {"delivery_success": True})["data"]
    assert [event["pending_webhooks"] for event in had] == [0]


def test_events_are_listed_by_type(client):
    client.pay()
    one = client.get("/v1/events", {"type": "charge.succeeded"})["data"]
    assert [event["type"] for event in one] == ["charge.succeeded"]
    wanted = ["charge.succeeded", "payment_intent.succeeded"]
    two = client.get("/v1/events", {"types": wanted})["data"]
    assert [event["type"] for event in two] == wanted[::-1]
    both = client.get("/v1/events", {"type": "a", "types": ["b"]})
    assert both.error["code"] == "parameters_exclusive"
    many = client.get("/v1/events", {"types": ["a"] * 21})
    assert many.error["param"] == "types"


def test_a_cursor_may_be_an_event_of_another_type(client):
    client.pay()
    oldest = client.get("/v1/events")["data"][-1]
    params = {"type": "payment_intent.succeeded", "ending_before": oldest["id"]}
    rows = client.get("/v1/events", params)["data"]
    assert [row["type"] for row in rows] == ["payment_intent.succeeded"]


def test_events_are_kept_for_thirty_days(client):
    client.intent()
    event = client.get("/v1/events")["data"][0]
    client.later(30 * 24 * 3600)
    assert client.get(f"/v1/events/{event['id']}").status == 200
    client.later(1)
    assert client.get(f"/v1/events/{event['id']}").status == 404
    assert client.get("/v1/events")["data"] == []


def test_an_endpoint_gets_what_it_asked_for(engine, client):
    wanted = ["payment_intent.succeeded"]
    given = {"url": URL, "enabled_events": wanted}
    made = client.post("/v1/webhook_endpoints", given)
    client.pay()
    assert types(engine.due()) == wanted
    assert made["secret"].startswith("whsec_")


def test_a_secret_is_shown_once(client):
    given = {"url": URL, "enabled_events": ["*"]}
    made = client.post("/v1/webhook_endpoints", given)
    at = f"/v1/webhook_endpoints/{made['id']}"
    assert "secret" not in client.get(at).body
    assert "secret" not in client.get("/v1/webhook_endpoints")["data"][0]


def test_a_disabled_or_deleted_endpoint_gets_nothing(engine, client):
    given = {"url": URL, "enabled_events": ["*"]}
    at = f"/v1/webhook_endpoints/{client.post('/v1/webhook_endpoints', given)['id']}"
    client.intent()
    assert client.post(at, {"disabled": True})["status"] == "disabled"
    client.intent()
    assert engine.due() == []
    assert client.post(at, {"disabled": False})["status"] == "enabled"
    client.intent()
    assert len(engine.due()) == 1
    assert client.delete(at).body == {
        "id": at.rsplit("/", 1)[1],
        "object": "webhook_endpoint",
        "deleted": True,
    }
    assert engine.due() == []
    assert client.get(at).status == 404


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"enabled_events": ["*"]}, "url"),
        ({"url": URL}, "enabled_events"),
        ({"url": "not a url", "enabled_events": ["*"]}, "url"),
        ({"url": "file:///etc/passwd", "enabled_events": ["*"]}, "url"),
    ],
)
def test_an_endpoint_needs_a_url_and_events(client, given, param):
    answer = client.post("/v1/webhook_endpoints", given)
    assert (answer.status, answer.error["param"]) == (400, param)


def test_an_endpoint_fixes_the_shape_of_its_events(engine, client):
    given = {"url": URL, "enabled_events": ["*"], "api_version": "2020-08-27"}
    client.post("/v1/webhook_endpoints", given)
    client.pay()
    body = json.loads(engine.due()[-1].payload)
    assert body["api_version"] == "2020-08-27"
    assert "charges" in body["data"]["object"]


def test_deliveries_can_be_doubled(engine, client, endpoint):
    engine.deliveries.mischief.duplicate_next = 1
    client.intent()
    client.intent()
    sent = engine.due()
    assert len(sent) == 3
    assert sent[0].event == sent[1].event != sent[2].event
    assert sent[0].payload == sent[1].payload


def test_deliveries_can_be_delayed(engine, client, clock, endpoint):
    engine.deliveries.mischief.delay_seconds = 60
    client.intent()
    assert engine.due() == []
    clock.advance(60)
    assert len(engine.due()) == 1


@pytest.mark.parametrize("order", ["fifo", "reverse", "shuffle"])
def test_deliveries_can_be_held_and_reordered(engine, client, endpoint, order):
    engine.deliveries.mischief.hold = True
    for _ in range(6):
        client.intent()
    made = [d.id for d in engine.deliveries.by_id.values()]
    assert engine.due() == []
    engine.deliveries.release(engine.clock.now(), order, engine.ids.random)
    went = [delivery.id for delivery in engine.due()]
    assert sorted(went) == sorted(made)
    if order == "reverse":
        assert went == made[::-1]
    else:
        assert (went == made) == (order == "fifo")
