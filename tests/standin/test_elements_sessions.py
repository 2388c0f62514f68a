"""What the browser script is told before it draws the fields."""

import pytest

PK = "pk_test_standin"
PATH = "/v1/elements/sessions"


def ask(client, **params):
    return client.get(PATH, params, key=PK)


def test_an_open_intent_is_described(client):
    intent = client.intent(currency="eur", metadata={"order": "1"})
    seen = ask(client, client_secret=intent["client_secret"])
    assert seen["object"] == "elements.session"
    assert (seen["amount"], seen["currency"]) == (4200, "eur")
    assert "sepa_debit" in seen["payment_method_types"]
    assert "metadata" not in seen["payment_intent"]


@pytest.mark.parametrize("secret", ["", "pi_x", "pi_x_secret_y", "x_secret_"])
def test_a_wrong_secret_is_refused(client, secret):
    answer = ask(client, client_secret=secret)
    assert (answer.status, answer.error["param"]) == (400, "client_secret")


@pytest.mark.parametrize("ending", ["succeeded", "requires_capture", "canceled"])
def test_a_secret_that_has_had_its_day_is_refused(client, ending):
    if ending == "canceled":
        intent = client.intent()
        client.post(f"/v1/payment_intents/{intent['id']}/cancel")
    else:
        method = "manual" if ending == "requires_capture" else "automatic"
        intent = client.pay(capture_method=method)
    answer = ask(client, client_secret=intent["client_secret"])
    assert (answer.status, answer.error["param"]) == (400, "client_secret")
    assert answer.error["payment_intent"]["status"] == ending
    assert "metadata" not in answer.error["payment_intent"]


def test_an_amount_will_do_without_an_intent(client):
    intent = {"mode": "payment", "amount": 900, "currency": "eur"}
    seen = ask(client, type="deferred_intent", deferred_intent=intent)
    assert seen["payment_intent"] is None
    assert seen["payment_method_types"][0] == "card"
    intent["allowed_payment_method_types"] = ["card"]
    seen = ask(client, type="deferred_intent", deferred_intent=intent)
    assert seen["payment_method_types"] == ["card"]
    intent["amount"] = 1
    answer = ask(client, type="deferred_intent", deferred_intent=intent)
    assert answer.error["code"] == "amount_too_small"


def test_the_secret_of_an_embedded_session_describes_the_session(client):
    price = {"currency": "gbp", "unit_amount": 900, "product_data": {"name": "Ink"}}
    session = client.post(
        "/v1/checkout/sessions",
        {
            "mode": "payment",
            "ui_mode": "custom",
            "return_url": "https://shop.example/return",
            "line_items": [{"price_data": price, "quantity": 1}],
        },
    )
    seen = ask(client, client_secret=session["client_secret"])
    assert seen["checkout_session"] == {"id": session["id"], "status": "open"}
    assert (seen["amount"], seen["payment_intent"]) == (900, None)


def test_one_of_both_is_needed(client):
    assert ask(client).error["code"] == "parameter_missing"
