"""Versions: what one retired is refused only when it is named."""

import pytest

ENDIVE = "2026-10-28.endive"
DAHLIA = "2026-07-29.dahlia"
OLD = "2020-08-27"

LINE = {
    "price_data": {
        "currency": "gbp",
        "unit_amount": 1400,
        "product_data": {"name": "Ink"},
    },
    "quantity": 1,
}
SESSION = {"success_url": "https://shop.example/done", "line_items": [LINE]}


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/checkout/sessions"])
def test_payment_method_types_is_retired_by_the_version_that_is_named(client, path):
    given = SESSION if "sessions" in path else {"amount": 4200, "currency": "gbp"}
    given = {**given, "payment_method_types": ["card"]}
    refused = client.post(path, given, version=ENDIVE)
    assert refused.status == 400
    assert refused.error["code"] == "payment_method_types_no_longer_supported"
    for version in ("", DAHLIA, OLD):
        assert client.post(path, given, version=version).status == 200


def test_listed_types_switch_the_automatic_ones_off(client):
    intent = client.intent(payment_method_types=["card", "klarna"])
    assert intent["payment_method_types"] == ["card", "klarna"]
    assert intent["automatic_payment_methods"] is None


def test_types_that_the_currency_does_not_have_are_refused(client):
    answer = client.intent(payment_method_types=["ideal"])
    assert answer.error["param"] == "payment_method_types"


def test_automatic_methods_are_the_default_since_august_2023(client):
    new = client.post("/v1/payment_intents", {"amount": 900, "currency": "eur"})
    assert new["payment_method_types"] == ["card", "ideal", "bancontact", "sepa_debit"]
    old = client.post(
        "/v1/payment_intents", {"amount": 900, "currency": "eur"}, version="2022-11-15"
    )
    assert old["payment_method_types"] == ["card"]
    assert old["capture_method"] == "automatic"
    assert new["capture_method"] == "automatic_async"


def test_an_old_version_sees_the_list_of_charges(client):
    paid = client.pay()
    at = f"/v1/payment_intents/{paid['id']}"
    old = client.get(at, version="2020-08-27")
    assert old["charges"]["data"][0]["paid"] is True
    assert old["charges"]["data"][0]["refunds"]["data"] == []
    assert "latest_charge" not in old.body
    assert "charges" not in client.get(at).body


def test_the_modes_of_checkout_have_two_names(client):
    old = client.post(
        "/v1/checkout/sessions", {**SESSION, "ui_mode": "hosted"}, version=DAHLIA[:10]
    )
    assert old["ui_mode"] == "hosted_page"
    older = client.get(
        f"/v1/checkout/sessions/{old['id']}", version="2025-09-30.clover"
    )
    assert older["ui_mode"] == "hosted"


def test_the_version_is_echoed_and_a_wrong_one_refused(client):
    assert client.intent().headers["Stripe-Version"] == ENDIVE
    answer = client.get("/v1/balance", version=DAHLIA)
    assert answer.headers["Stripe-Version"] == DAHLIA
    assert client.get("/v1/balance", version="yesterday").status == 400


def test_a_beta_suffix_is_taken_off(client):
    answer = client.get("/v1/balance", version=f"{ENDIVE}; some_beta=v1")
    assert answer.status == 200


@pytest.mark.parametrize("name", ["2016-99-99", "0001-01-01", "2025-09-30.nowhere"])
def test_a_version_that_cannot_be_is_refused(client, name):
    assert client.get("/v1/balance", version=name).status == 400
    given = {"url": "https://shop.example/", "enabled_events": ["*"]}
    answer = client.post("/v1/webhook_endpoints", given | {"api_version": name})
    assert answer.status == 400


def test_a_train_to_come_is_taken(client):
    assert client.get("/v1/balance", version="2031-03-31.feijoa").status == 200
