"""Keys: who may do what."""

import base64

import pytest

from stripe_standin.protocol.http import Request

PK = "pk_test_standin"


@pytest.mark.parametrize(
    "key", ["", "sk_test_wrong_key_1234", "nonsense", "sk_test_", "sk_test_invalid"]
)
def test_a_wrong_key_is_401(client, key):
    answer = client.get("/v1/balance", key=key)
    assert answer.status == 401
    assert answer.error["type"] == "invalid_request_error"
    assert "key" in answer.error["message"].lower()
    assert len(key) < 12 or key not in answer.error["message"]


def test_an_expired_key_says_so(client):
    answer = client.get("/v1/balance", key="sk_test_expired")
    assert (answer.status, answer.error["code"]) == (401, "api_key_expired")


@pytest.mark.parametrize("kind", ["sk", "rk", "pk"])
def test_a_live_key_is_refused_in_plain_words(client, kind):
    answer = client.get("/v1/balance", key=f"{kind}_live_51abcdef")
    assert answer.status == 401
    assert "never takes a live key" in answer.error["message"]


def test_basic_auth_works_as_with_curl(engine):
    pair = base64.b64encode(b"sk_test_standin:").decode()
    request = Request("GET", "/v1/balance", headers={"authorization": f"Basic {pair}"})
    assert engine.handle(request).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/balance"),
        ("POST", "/v1/payment_intents"),
        ("GET", "/v1/payment_intents"),
        ("POST", "/v1/refunds"),
        ("GET", "/v1/events"),
    ],
)
def test_mallory_gets_nowhere_with_the_publishable_key(client, method, path):
    answer = client.ask(method, path, key=PK)
    assert (answer.status, answer.error["code"]) == (403, "secret_key_required")


def test_a_restricted_key_does_what_it_may(client):
    given = {"amount": 900, "currency": "gbp"}
    path = "/v1/payment_intents"
    assert client.post(path, given, key="rk_test_all").status == 200
    assert client.get(path, key="rk_test_readonly_1").status == 200
    assert client.post(path, given, key="rk_test_readonly_1").status == 403
    assert client.get(path, key="rk_test_none_1").status == 403


def test_a_publishable_key_needs_the_client_secret(client):
    intent = client.intent(description="Order", metadata={"order": "1"})
    at = f"/v1/payment_intents/{intent['id']}"
    assert client.get(at, key=PK).error["code"] == "parameter_missing"
    wrong = client.get(at, {"client_secret": intent["id"] + "_secret_x"}, key=PK)
    assert (wrong.status, wrong.error["param"]) == (400, "client_secret")
    seen = client.get(at, {"client_secret": intent["client_secret"]}, key=PK)
    assert seen["description"] == "Order"
    hidden = {"metadata", "customer", "latest_charge", "amount_received"}
    assert not hidden & seen.body.keys()


def test_the_browser_confirms_but_never_changes_the_price(client):
    intent = client.intent()
    at = f"/v1/payment_intents/{intent['id']}/confirm"
    given = {"client_secret": intent["client_secret"], "payment_method": "pm_card_visa"}
    for name, value in {"amount": 1, "off_session": True, "metadata[a]": "b"}.items():
        refused = client.post(at, {**given, name: value}, key=PK)
        assert refused.error["code"] == "parameter_unknown"
    paid = client.post(at, {**given, "use_stripe_sdk": True}, key=PK)
    assert paid["status"] == "succeeded"
    assert "latest_charge" not in paid.body


def test_the_browser_may_not_overwrite_what_the_server_set(client):
    intent = client.intent(receipt_email="ada@example.com")
    at = f"/v1/payment_intents/{intent['id']}/confirm"
    given = {
        "client_secret": intent["client_secret"],
        "payment_method": "pm_card_visa",
        "receipt_email": "mallory@example.com",
    }
    refused = client.post(at, given, key=PK)
    assert refused.status == 400
    assert refused.error["payment_intent"]["receipt_email"] == "ada@example.com"
    given["receipt_email"] = "ada@example.com"
    assert client.post(at, given, key=PK)["status"] == "succeeded"


def test_the_key_may_come_as_a_form_field_as_from_stripe_js(client):
    card = {"number": "4242424242424242", "exp_month": 4, "exp_year": 44, "cvc": "123"}
    answer = client.post(
        "/v1/payment_methods",
        {"type": "card", "card": card, "key": PK, "payment_user_agent": "stripe.js"},
        key="",
    )
    assert answer["card"]["last4"] == "4242"


def test_browsers_may_ask_from_any_origin(engine):
    request = Request(
        "OPTIONS",
        "/v1/payment_methods",
        headers={"access-control-request-headers": "authorization, content-type"},
    )
    response = engine.handle(request)
    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "content-type" in response.headers["Access-Control-Allow-Headers"]
