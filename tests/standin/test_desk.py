"""The desk: everything to see, and the bank's and fate's part to play."""

import json

import pytest

from stripe_standin.desk import api
from stripe_standin.protocol.http import Request


@pytest.fixture
def act(engine):
    def call(action, /, **given):
        body = json.dumps(given).encode()
        request = Request("POST", f"/desk/api/{action}", body=body)
        response = api.handle(engine, request)
        return response.status, response.json()

    return call


@pytest.fixture
def see(engine):
    def call(path, query="", **headers):
        response = api.handle(
            engine, Request("GET", f"/desk/api/{path}", query, headers)
        )
        return response.status, response.json()

    return call


def test_the_state_shows_everything_and_no_secret(client, engine, see):
    engine.register("http://127.0.0.1:9/", "whsec_hush")
    client.pay()
    status, state = see("state")
    assert status == 200
    assert len(state["objects"]["payment_intent"]) == 1
    assert state["deliveries"][0]["status"] == "waiting"
    assert state["calls"][0]["path"] == "/v1/payment_intents"
    assert "whsec_hush" not in json.dumps(state)


def test_calls_are_counted_by_path_method_and_key(client, see):
    intent = client.intent()
    client.look(intent)
    client.get("/v1/balance")
    assert see("calls")[1]["count"] == 3
    assert see("calls", "method=POST")[1]["count"] == 1
    status, found = see("calls", "path=/v1/payment_intents&method=GET&key=secret")
    assert (status, found["count"]) == (200, 1)


def test_one_object_comes_with_its_events(client, see):
    paid = client.pay()
    status, found = see(f"objects/{paid['id']}")
    assert status == 200
    assert found["object"]["status"] == "succeeded"
    assert found["events"][0]["type"] == "payment_intent.succeeded"
    assert see("objects/pi_none")[0] == 404


@pytest.mark.parametrize(
    ("action", "status"),
    [("complete", "succeeded"), ("fail", "requires_payment_method")],
)
def test_a_pending_payment_is_decided_by_hand(client, act, action, status):
    intent = client.pay_by("sepa_debit", iban="AT321904300235473204")
    assert act(action, id=intent["id"])[0] == 200
    assert client.look(intent)["status"] == status
    assert act(action, id=intent["id"])[0] == 400
    client.later(300)
    assert client.look(intent)["status"] == status


def test_refunds_and_disputes_by_hand(client, act):
    paid = client.pay()
    assert act("refund", id=paid["id"], amount=200)[1]["amount"] == 200
    assert act("refund", id=paid["id"], amount=5000)[0] == 400
    refund = act("refund", id=paid["id"])[1]
    assert refund["amount"] == 4000
    assert act("fail_refund", id=refund["id"])[1]["status"] == "failed"
    status, dispute = act("dispute", id=paid["id"], reason="duplicate")
    assert (status, dispute["reason"]) == (200, "duplicate")
    assert act("decide_dispute", id=dispute["id"], status="won")[1]["status"] == "won"
    assert act("decide_dispute", id=dispute["id"], status="maybe")[0] == 400


def test_a_refund_from_the_desk_names_no_request(client, act):
    act("refund", id=client.pay()["id"])
    event = client.get("/v1/events")["data"][0]
    assert event["type"] == "charge.refunded"
    assert event["request"]["id"] is None


def test_a_challenge_and_a_bank_page_by_hand(client, act):
    secure = client.pay("pm_card_authenticationRequired")
    assert act("authenticate", id=secure["id"])[1]["status"] == "succeeded"
    ideal = client.pay_by("ideal")
    left = act("bank", id=ideal["id"], outcome="fail")[1]
    assert "redirect_status=failed" in left["url"]
    assert act("bank", id=ideal["id"])[0] == 404


def test_a_hold_lapses_by_hand(client, act):
    held = client.pay(capture_method="manual")
    assert act("expire_hold", id=held["id"])[1]["status"] == "canceled"


def test_faults_latency_clock_and_seed(client, engine, act):
    assert act("fault", kind="rate_limit", calls=2)[1]["waiting"][0]["calls"] == 2
    assert client.intent().status == 429
    act("clear_faults")
    assert client.intent().status == 200
    act("latency", seconds=0.2)
    assert client.intent().response.delay_seconds == 0.2
    act("latency", seconds=0)
    before = engine.now()
    assert act("clock", seconds=3600)[1]["now"] == before + 3600
    assert act("clock", seconds=-1)[0] == 400
    act("seed", seed=1)
    first = client.intent()["id"]
    act("seed", seed=1)
    assert client.intent()["id"] == first


def test_deliveries_by_hand(client, engine, act):
    engine.register("http://127.0.0.1:9/", "whsec_x")
    act("drop", next=1)
    client.intent()
    act("duplicate", next=1)
    client.intent()
    assert len(engine.due()) == 2
    act("hold")
    client.intent()
    assert len(engine.due()) == 2
    assert len(act("release", order="reverse")[1]["released"]) == 1
    assert len(engine.due()) == 3
    lost = next(iter(engine.deliveries.by_id))
    assert len(act("replay", id=lost)[1]["deliveries"]) == 1
    assert len(engine.due()) == 4
    assert act("release", order="sideways")[0] == 400
    act("drop", id=engine.due()[0].id)
    assert len(engine.due()) == 3


def test_a_reset_forgets_all_but_the_endpoints(client, engine, act):
    engine.register("http://127.0.0.1:9/", "whsec_x")
    client.pay()
    assert act("reset") == (200, {"endpoints": 1})
    assert client.get("/v1/payment_intents")["data"] == []
    client.intent()
    assert len(engine.due()) == 1


def test_keys_can_be_pruned_by_hand(client, act):
    given = {"amount": 900, "currency": "gbp"}
    first = client.post("/v1/payment_intents", given, again="k1")
    act("forget_keys")
    again = client.post("/v1/payment_intents", given, again="k1")
    assert again["id"] != first["id"]


@pytest.mark.parametrize(
    ("action", "given", "status"),
    [
        ("explode", {}, 404),
        ("complete", {"id": "pi_none"}, 404),
        ("complete", {}, 400),
        ("latency", {"seconds": "soon"}, 400),
        ("fault", {"kind": "earthquake"}, 400),
        ("fault", {"surprise": 1}, 400),
    ],
)
def test_nonsense_is_refused_with_a_sentence(act, action, given, status):
    code, body = act(action, **given)
    assert code == status
    assert body["error"]["message"]


@pytest.mark.parametrize("body", [b"[]", b"not json", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(engine, body):
    request = Request("POST", "/desk/api/reset", body=body)
    assert api.handle(engine, request).status == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "127.0.0.1:12111"}, 200),
        ({"host": "localhost:12111"}, 200),
        ({"host": "mallory.example:12111"}, 403),
        ({"host": "127.0.0.1:12111", "origin": "http://127.0.0.1:12111"}, 200),
        ({"host": "127.0.0.1:12111", "origin": "http://127.0.0.1:8000"}, 403),
        ({"host": "127.0.0.1:12111", "origin": "null"}, 403),
        ({"host": "127.0.0.1:12111", "origin": "https://mallory.example"}, 403),
    ],
)
def test_only_this_machine_and_its_own_pages_may_look(see, headers, status):
    assert see("state", **headers)[0] == status
