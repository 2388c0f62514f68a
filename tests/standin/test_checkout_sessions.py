"""Checkout Sessions: the hosted page and what becomes of it."""

import pytest

from stripe_standin.intents import authentications, bank_redirects

PK = "pk_test_standin"
SUCCESS = "https://shop.example/done?session={CHECKOUT_SESSION_ID}"


def line(amount=1400, quantity=1, name="Ink", currency="gbp"):
    data = {
        "currency": currency,
        "unit_amount": amount,
        "product_data": {"name": name},
    }
    return {"price_data": data, "quantity": quantity}


def open_session(client, *, lines=None, version="", **params):
    given = {"mode": "payment", "success_url": SUCCESS, "line_items": lines or [line()]}
    return client.post("/v1/checkout/sessions", given | params, version=version)


def pay(client, session, method="pm_card_visa", **params):
    at = f"/v1/payment_pages/{session['id']}/confirm"
    given = {"payment_method": method} if method else {}
    return client.post(at, given | params, key=PK)


def look(client, session):
    return client.get(f"/v1/checkout/sessions/{session['id']}")


def test_a_session_adds_up_its_lines(client):
    session = open_session(client, lines=[line(1400, 2), line(550, name="Pen")])
    assert session["amount_total"] == 3350
    assert (session["status"], session["payment_status"]) == ("open", "unpaid")
    assert session["url"] == f"http://127.0.0.1:12111/c/pay/{session['id']}"
    assert session["payment_intent"] is None
    rows = client.get(f"/v1/checkout/sessions/{session['id']}/line_items")["data"]
    assert [(r["description"], r["amount_total"]) for r in rows] == [
        ("Ink", 2800),
        ("Pen", 550),
    ]
    assert client.get("/v1/payment_intents")["data"] == []


def test_lines_are_only_there_when_expanded(client):
    session = open_session(client)
    assert "line_items" not in session.body
    at = f"/v1/checkout/sessions/{session['id']}"
    seen = client.get(at, {"expand": ["line_items"]})
    assert seen["line_items"]["data"][0]["quantity"] == 1


def test_paying_completes_the_session(client):
    session = open_session(
        client,
        metadata={"order": "7"},
        payment_intent_data={"metadata": {"order": "8"}},
        client_reference_id="bag-9",
    )
    page = pay(client, session, email="ada@example.com")
    assert page["status"] == "complete"
    assert page["success_url"].endswith(f"session={session['id']}")
    assert "metadata" not in page["payment_intent"]
    done = look(client, session)
    assert (done["payment_status"], done["url"]) == ("paid", None)
    assert done["customer_details"]["email"] == "ada@example.com"
    intent = client.get(f"/v1/payment_intents/{done['payment_intent']}")
    assert intent["metadata"] == {"order": "8"}
    assert client.events()[-1] == "checkout.session.completed"
    assert pay(client, session).status == 400


def test_a_decline_leaves_the_session_open(client):
    session = open_session(client)
    declined = pay(client, session, "pm_card_visa_chargeDeclined")
    assert (declined.status, declined.error["code"]) == (402, "card_declined")
    assert look(client, session)["payment_intent"] is None
    assert pay(client, session)["status"] == "complete"
    assert len(client.get("/v1/payment_intents")["data"]) == 1


def test_a_challenge_completes_the_session_afterwards(client, engine):
    session = open_session(client)
    page = pay(client, session, "pm_card_authenticationRequired")
    assert page["status"] == "open"
    private = page["payment_intent"]["next_action"]["use_stripe_sdk"]
    authentications.finish(engine, private["source"], "complete")
    assert look(client, session)["status"] == "complete"


def test_a_bank_page_leads_back_to_the_hosted_page(client, engine):
    session = open_session(client, lines=[line(currency="eur")])
    page = pay(client, session, None, payment_method_data={"type": "ideal"})
    url = page["payment_intent"]["next_action"]["redirect_to_url"]["url"]
    back = bank_redirects.finish(engine, url.rsplit("/", 1)[1], "authorize")
    assert back.startswith(f"{engine.base_url}/c/pay/{session['id']}?")
    assert look(client, session)["payment_status"] == "paid"


@pytest.mark.parametrize(
    ("iban", "paid", "event"),
    [
        ("AT611904300234573201", "paid", "async_payment_succeeded"),
        ("AT861904300235473202", "unpaid", "async_payment_failed"),
    ],
)
def test_a_debit_completes_first_and_pays_later(client, iban, paid, event):
    session = open_session(client, lines=[line(currency="eur")])
    data = {"type": "sepa_debit", "sepa_debit": {"iban": iban}}
    pay(client, session, None, payment_method_data=data)
    done = look(client, session)
    assert (done["status"], done["payment_status"]) == ("complete", "unpaid")
    client.later(4)
    assert look(client, session)["payment_status"] == paid
    assert client.events()[-1] == f"checkout.session.{event}"


def test_an_open_session_can_be_expired(client):
    session = open_session(client)
    pay(client, session, "pm_card_visa_chargeDeclined")
    at = f"/v1/checkout/sessions/{session['id']}/expire"
    gone = client.post(at)
    assert (gone["status"], gone["url"]) == ("expired", None)
    assert client.post(at).status == 400
    assert pay(client, session).status == 400
    assert client.events()[-2:] == [
        "payment_intent.canceled",
        "checkout.session.expired",
    ]


def test_a_session_ends_by_itself(client):
    session = open_session(client)
    client.later(24 * 3600)
    assert look(client, session)["status"] == "expired"


def test_the_intent_of_a_session_is_not_cancelled_directly(client):
    session = open_session(client)
    declined = pay(client, session, "pm_card_visa_chargeDeclined")
    id = declined.error["payment_intent"]["id"]
    answer = client.post(f"/v1/payment_intents/{id}/cancel")
    assert answer.error["code"] == "payment_intent_unexpected_state"


def test_a_free_session_needs_no_payment(client):
    session = open_session(client, lines=[line(0)])
    assert session["payment_status"] == "no_payment_required"
    assert pay(client, session, None)["status"] == "complete"
    assert client.get("/v1/payment_intents")["data"] == []


def test_prices_can_be_named(client):
    data = {"currency": "gbp", "unit_amount": 900}
    product = client.post("/v1/products", {"name": "Pen", "default_price_data": data})
    lines = [{"price": product["default_price"], "quantity": 3}]
    assert open_session(client, lines=lines)["amount_total"] == 2700


def test_shipping_is_added(client):
    rate = {
        "display_name": "Post",
        "type": "fixed_amount",
        "fixed_amount": {"amount": 350, "currency": "gbp"},
    }
    session = open_session(client, shipping_options=[{"shipping_rate_data": rate}])
    assert session["amount_total"] == 1750
    assert session["total_details"]["amount_shipping"] == 350


def test_a_customer_is_made_when_asked_for(client):
    session = open_session(client, customer_creation="always")
    pay(client, session, email="ada@example.com")
    customer = client.get(f"/v1/customers/{look(client, session)['customer']}")
    assert customer["email"] == "ada@example.com"


def test_lines_of_the_oldest_kind_still_work_for_their_version(client):
    lines = [{"name": "Ink", "amount": 1400, "currency": "gbp", "quantity": 2}]
    for version in ("", "2020-08-27"):
        old = open_session(client, lines=lines, version=version)
        assert old["amount_total"] == 2800
    new = open_session(client, lines=lines, version="2026-10-28.endive")
    assert new.error["code"] == "parameter_unknown"


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"success_url": None}, "success_url"),
        ({"success_url": "/done"}, "success_url"),
        ({"lines": [{"quantity": 1}]}, "line_items[0][price]"),
        ({"lines": [{"price": "price_none", "quantity": 1}]}, "line_items[0][price]"),
        ({"lines": [line(quantity=None)]}, "line_items[0][quantity]"),
        ({"lines": [line(), line(currency="eur")]}, "line_items"),
        ({"lines": [line(10)]}, "line_items"),
        ({"expires_at": 1}, "expires_at"),
        ({"mode": "subscription"}, "mode"),
        ({"ui_mode": "elements"}, "success_url"),
        ({"discounts": [{"coupon": "none"}]}, "discounts[0][coupon]"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_bad_session_is_refused_by_name(client, params, param):
    answer = open_session(client, **params)
    assert answer.status == 400
    assert answer.error["param"] == param


def test_an_embedded_session_has_a_secret_and_no_url(client):
    session = open_session(
        client,
        success_url=None,
        ui_mode="elements",
        return_url="https://shop.example/back",
    )
    assert session["url"] is None
    assert session["client_secret"].startswith(session["id"] + "_secret_")
    seen = client.get(
        "/v1/elements/sessions", {"client_secret": session["client_secret"]}, key=PK
    )
    assert seen["amount"] == 1400
