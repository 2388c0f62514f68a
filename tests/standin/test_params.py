"""Strictness: what Stripe refuses is refused, with its codes."""

import pytest


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"surprise": 1}, "parameter_unknown", "surprise"),
        ({"shipping": {"nom": "Ada"}}, "parameter_unknown", "shipping[nom]"),
        ({"amount": ""}, "parameter_invalid_empty", "amount"),
        ({"amount": "42.00"}, "parameter_invalid_integer", "amount"),
        ({"amount": "-5"}, "parameter_invalid_integer", "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": 29}, "amount_too_small", "amount"),
        ({"amount": 100_000_000}, "amount_too_large", "amount"),
        ({"currency": "xyz"}, None, "currency"),
        ({"confirm": "yes"}, None, "confirm"),
        ({"capture_method": "later"}, None, "capture_method"),
        ({"expand": "customer"}, None, "expand"),
        ({"metadata": "x"}, None, "metadata"),
        ({"metadata": {"k" * 41: "v"}}, None, "metadata"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"metadata": {str(n): "v" for n in range(51)}}, None, "metadata"),
        ({"customer": "cus_none"}, "resource_missing", "customer"),
        ({"receipt_email": "not an address"}, "email_invalid", "receipt_email"),
        ({"off_session": True}, None, "off_session"),
        ({"return_url": "https://x.example"}, None, "return_url"),
        ({"shipping": {"name": "Ada"}}, "parameter_missing", "shipping[address]"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(client, params, code, param):
    answer = client.intent(**params)
    assert answer.status == 400
    assert answer.error["type"] == "invalid_request_error"
    assert answer.error.get("code") == code
    assert answer.error["param"] == param
    assert client.get("/v1/payment_intents")["data"] == []


@pytest.mark.parametrize("name", ["amount", "currency"])
def test_a_missing_parameter_is_named(client, name):
    given = {"amount": 4200, "currency": "gbp"}
    del given[name]
    answer = client.post("/v1/payment_intents", given)
    assert answer.status == 400
    assert answer.error["code"] == "parameter_missing"
    assert answer.error["param"] == name


@pytest.mark.parametrize(
    ("currency", "amount", "status"),
    [
        ("jpy", 50, 200),
        ("jpy", 49, 400),
        ("kwd", 5120, 200),
        ("kwd", 5125, 400),
        ("isk", 500, 200),
        ("isk", 510, 400),
        ("GBP", 30, 200),
        ("huf", 17499, 400),
    ],
)
def test_each_currency_has_its_own_rules(client, currency, amount, status):
    answer = client.intent(currency=currency, amount=amount)
    assert answer.status == status
    if status == 200:
        assert answer["currency"] == currency.lower()


def test_metadata_is_merged_and_single_keys_are_dropped(client):
    intent = client.intent(metadata={"order": "1", "_basket": "2", "0": "3"})
    assert intent["metadata"] == {"order": "1", "_basket": "2", "0": "3"}
    at = f"/v1/payment_intents/{intent['id']}"
    merged = client.post(at, {"metadata": {"order": "", "note": "x"}})
    assert merged["metadata"] == {"_basket": "2", "0": "3", "note": "x"}
    assert client.post(at, {"metadata": ""})["metadata"] == {}


def test_an_empty_string_unsets_what_can_be_unset(client):
    intent = client.intent(receipt_email="ada@example.com")
    at = f"/v1/payment_intents/{intent['id']}"
    assert client.post(at, {"receipt_email": ""})["receipt_email"] is None
    assert client.post(at, {"amount": ""}).error["code"] == "parameter_invalid_empty"


def test_json_bodies_are_refused_with_a_hint(client, engine):
    from stripe_standin.protocol.http import Request

    headers = {
        "Authorization": "Bearer sk_test_standin",
        "Content-Type": "application/json",
    }
    request = Request(
        "POST", "/v1/payment_intents", headers=headers, body=b'{"amount": 1}'
    )
    response = engine.handle(request)
    assert response.status == 400
    assert "application/x-www-form-urlencoded" in response.json()["error"]["message"]


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"a[b=1"])
def test_garbage_is_a_400_and_never_an_exception(engine, body):
    from stripe_standin.protocol.http import Request

    headers = {"Authorization": "Bearer sk_test_standin"}
    request = Request("POST", "/v1/customers", headers=headers, body=body)
    assert engine.handle(request).status == 400


def test_an_unknown_url_is_a_404_that_names_it(client):
    answer = client.get("/v1/payment_intent")
    assert answer.status == 404
    assert "GET: /v1/payment_intent" in answer.error["message"]


def test_booleans_may_be_capital_as_older_libraries_write_them(client):
    methods = {"enabled": "True", "allow_redirects": "never"}
    paid = client.pay(automatic_payment_methods=methods, off_session="False")
    assert paid["status"] == "succeeded"


@pytest.mark.parametrize(
    "text", ["a descriptor that is too long", "12345", "Fern * Quill", 'Fern "Q"']
)
def test_a_statement_descriptor_is_short_and_plain(client, text):
    answer = client.intent(statement_descriptor_suffix=text)
    assert answer.error["param"] == "statement_descriptor_suffix"


@pytest.mark.parametrize("url", ["shop", "/return", "https://", "http://a b/"])
def test_a_return_url_is_an_absolute_address(client, url):
    answer = client.pay(return_url=url)
    assert (answer.error["code"], answer.error["param"]) == (
        "url_invalid",
        "return_url",
    )
    assert client.pay(return_url="fernquill://back")["status"] == "succeeded"
