"""Customers, what is saved for them, and the older ways to charge them."""

import pytest

CARD = {"number": "4242424242424242", "exp_month": 4, "exp_year": 2044, "cvc": "123"}
PK = "pk_test_standin"


@pytest.fixture
def ada(client):
    return client.post("/v1/customers", {"name": "Ada", "email": "ada@example.com"})


def test_a_customer_can_be_changed(client, ada):
    at = f"/v1/customers/{ada['id']}"
    address = {"line1": "1 Quill Street", "country": "GB"}
    changed = client.post(at, {"phone": "123", "address": address})
    assert (changed["name"], changed["phone"]) == ("Ada", "123")
    assert changed["address"]["country"] == "GB"
    event = client.get("/v1/events")["data"][0]
    assert event["data"]["previous_attributes"]["phone"] is None
    assert client.post(at, {"address": ""})["address"] is None


def test_a_deleted_customer_leaves_a_tombstone(client, ada):
    at = f"/v1/customers/{ada['id']}"
    gone = {"id": ada["id"], "object": "customer", "deleted": True}
    assert client.delete(at).body == gone
    assert client.get(at).body == gone
    assert client.post(at, {"name": "x"}).status == 404
    assert client.delete(at).status == 404
    assert client.get("/v1/customers")["data"] == []
    refused = client.intent(customer=ada["id"])
    assert refused.error["code"] == "resource_missing"


def test_customers_are_found_by_mail(client, ada):
    client.post("/v1/customers", {"email": "grace@example.com"})
    rows = client.get("/v1/customers", {"email": "ada@example.com"})["data"]
    assert [row["id"] for row in rows] == [ada["id"]]


def test_a_card_is_kept_when_asked_for(client, ada):
    paid = client.pay(customer=ada["id"], setup_future_usage="off_session")
    rows = client.get(f"/v1/customers/{ada['id']}/payment_methods")["data"]
    assert [row["id"] for row in rows] == [paid["payment_method"]]
    again = client.pay(rows[0]["id"], customer=ada["id"], off_session=True)
    assert again["status"] == "succeeded"


def test_mallory_cannot_pay_with_adas_card(client, ada):
    method = client.post("/v1/payment_methods", {"type": "card", "card": CARD})
    at = f"/v1/payment_methods/{method['id']}"
    client.post(f"{at}/attach", {"customer": ada["id"]})
    mallory = client.post("/v1/customers")
    assert client.pay(method["id"]).status == 400
    assert client.pay(method["id"], customer=mallory["id"]).status == 400
    theft = client.post(f"{at}/attach", {"customer": mallory["id"]})
    assert theft.status == 400
    assert client.post(f"{at}/detach")["customer"] is None
    assert client.post(f"{at}/detach").status == 400


def test_a_declining_card_is_not_attached_but_one_is_and_declines_later(client, ada):
    at = "/v1/payment_methods/pm_card_visa_chargeDeclined/attach"
    refused = client.post(at, {"customer": ada["id"]})
    assert (refused.status, refused.error["code"]) == (402, "card_declined")
    at = "/v1/payment_methods/pm_card_chargeCustomerFail/attach"
    kept = client.post(at, {"customer": ada["id"]})
    assert kept["customer"] == ada["id"]
    assert client.pay(kept["id"], customer=ada["id"]).status == 402


def test_a_customer_session_lasts_half_an_hour(client, ada):
    method = client.post(
        "/v1/payment_methods",
        {"type": "card", "card": CARD, "allow_redisplay": "always"},
    )
    at = f"/v1/payment_methods/{method['id']}/attach"
    client.post(at, {"customer": ada["id"]})
    element = {"enabled": True, "features": {"payment_method_redisplay": "enabled"}}
    given = {"customer": ada["id"], "components": {"payment_element": element}}
    session = client.post("/v1/customer_sessions", given)
    assert "id" not in session.body
    intent = client.intent()
    ask = {
        "client_secret": intent["client_secret"],
        "customer_session_client_secret": session["client_secret"],
    }
    seen = client.get("/v1/elements/sessions", ask, key=PK)
    assert [m["id"] for m in seen["customer_payment_methods"]] == [method["id"]]
    client.later(31 * 60)
    late = client.get("/v1/elements/sessions", ask, key=PK)
    assert late.error["code"] == "customer_session_expired"


def test_a_setup_keeps_a_card_without_a_payment(client, ada):
    setup = client.post("/v1/setup_intents", {"customer": ada["id"]})
    at = f"/v1/setup_intents/{setup['id']}"
    data = {"type": "card", "card": CARD}
    given = {"client_secret": setup["client_secret"], "payment_method_data": data}
    done = client.post(f"{at}/confirm", given, key=PK)
    assert done["status"] == "succeeded"
    again = client.post(f"{at}/confirm", given, key=PK)
    assert again.error["code"] == "setup_intent_unexpected_state"
    rows = client.get(f"/v1/customers/{ada['id']}/payment_methods")["data"]
    assert len(rows) == 1
    assert client.post(f"{at}/cancel").status == 400


def test_a_setup_with_a_declining_card_says_so(client):
    given = {"confirm": True, "payment_method": "pm_card_visa_chargeDeclined"}
    answer = client.post("/v1/setup_intents", given)
    assert answer.status == 402
    intent = answer.error["setup_intent"]
    assert intent["last_setup_error"]["code"] == "card_declined"


def test_a_token_charges_once(client):
    token = client.post("/v1/tokens", {"card": CARD}, key=PK)
    given = {"amount": 900, "currency": "usd", "source": token["id"]}
    charge = client.post("/v1/charges", given)
    assert charge["paid"]
    assert charge["source"]["last4"] == "4242"
    assert charge["payment_intent"] is None
    again = client.post("/v1/charges", given)
    assert again.error["code"] == "token_already_used"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("tok_chargeDeclined", "card_declined"),
        ("tok_visa_chargeDeclinedExpiredCard", "expired_card"),
        ("tok_authenticationRequired", "authentication_required"),
    ],
)
def test_older_test_tokens_decline_too(client, token, code):
    given = {"amount": 900, "currency": "usd", "source": token}
    answer = client.post("/v1/charges", given)
    assert (answer.status, answer.error["code"]) == (402, code)


def test_a_customers_default_card_is_charged(client):
    grace = client.post("/v1/customers", {"source": "tok_visa"})
    given = {"amount": 900, "currency": "usd", "customer": grace["id"]}
    assert client.post("/v1/charges", given)["paid"]
    nobody = client.post("/v1/customers")
    given["customer"] = nobody["id"]
    assert client.post("/v1/charges", given).status == 402


def test_an_older_charge_can_be_captured_later_and_refunded(client):
    given = {"amount": 900, "currency": "usd", "source": "tok_visa", "capture": False}
    charge = client.post("/v1/charges", given)
    assert not charge["captured"]
    at = f"/v1/charges/{charge['id']}"
    assert client.post(f"{at}/capture")["captured"]
    assert client.post(f"{at}/capture").error["code"] == "charge_already_captured"
    assert client.post("/v1/refunds", {"charge": charge["id"]})["amount"] == 900
    assert client.get(at)["refunded"]
