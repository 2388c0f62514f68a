"""Every kind of answer fits the generated types of the stripe package."""

import pytest

METHODS = [
    "pm_card_visa",
    "pm_card_amex",
    "pm_card_createDispute",
    "pm_card_authenticationRequired",
    "pm_card_bypassPending",
]
PATHS = [
    "/v1/account",
    "/v1/balance",
    "/v1/balance_transactions",
    "/v1/charges",
    "/v1/checkout/sessions",
    "/v1/customers",
    "/v1/disputes",
    "/v1/events",
    "/v1/payment_intents",
    "/v1/prices",
    "/v1/products",
    "/v1/refunds",
    "/v1/setup_intents",
    "/v1/webhook_endpoints",
]


@pytest.fixture
def lived(client):
    """A stand-in in which a good deal has happened."""
    client.post(
        "/v1/webhook_endpoints",
        {"url": "http://127.0.0.1:1/hook", "enabled_events": ["*"]},
    )
    ada = client.post("/v1/customers", {"email": "ada@example.com", "name": "Ada"})
    for method in METHODS:
        client.pay(method)
    client.pay("pm_card_visa_chargeDeclined")
    held = client.pay(capture_method="manual")
    client.post(f"/v1/payment_intents/{held['id']}/capture", {"amount_to_capture": 60})
    client.pay_by("ideal")
    client.pay_by("bancontact")
    client.pay_by("sepa_debit", iban="AT611904300234573201")
    client.later(10)
    paid = client.pay(customer=ada["id"], setup_future_usage="off_session")
    client.post("/v1/refunds", {"payment_intent": paid["id"], "amount": 100})
    address = {"line1": "1 Quill Street", "country": "GB"}
    client.intent(shipping={"name": "Ada", "address": address})
    client.post("/v1/setup_intents", {"customer": ada["id"]})
    client.post("/v1/charges", {"amount": 90, "currency": "usd", "source": "tok_visa"})
    sell(client)
    return client


def sell(client):
    product = client.post("/v1/products", {"name": "Linen notebook"})
    client.post(
        "/v1/prices",
        {"product": product["id"], "currency": "gbp", "unit_amount": 1400},
    )
    data = {"currency": "gbp", "unit_amount": 1400, "product_data": {"name": "Ink"}}
    client.post(
        "/v1/checkout/sessions",
        {
            "mode": "payment",
            "success_url": "https://shop.example/{CHECKOUT_SESSION_ID}",
            "line_items": [{"price_data": data, "quantity": 2}],
        },
    )


@pytest.mark.parametrize("path", PATHS)
def test_every_list_fits_the_types(lived, misfits, path):
    answer = lived.get(path, {"limit": 100} if path.endswith("s") else {})
    assert answer.status == 200
    assert answer.body.get("data") != []
    assert misfits(answer.body) == []


def test_every_object_in_an_event_fits_the_types(lived, misfits):
    rows = lived.get("/v1/events", {"limit": 100})["data"]
    assert [m for row in rows for m in misfits(row["data"]["object"])] == []


def test_expanded_references_fit_the_types(lived, misfits):
    answer = lived.get(
        "/v1/payment_intents",
        {
            "limit": 100,
            "expand": [
                "data.latest_charge.balance_transaction",
                "data.latest_charge.refunds",
                "data.payment_method",
                "data.customer",
            ],
        },
    )
    assert misfits(answer.body) == []
    assert any(row["customer"] for row in answer["data"])


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/v1/tokens", {"card": {"number": "4242424242424242"}}),
        ("/v1/confirmation_tokens", {"payment_method_data": {"type": "ideal"}}),
        ("/v1/payment_methods", {"type": "us_bank_account"}),
        ("/v1/customer_sessions", {"components": {"payment_element": {"enabled": 1}}}),
    ],
)
def test_what_is_made_for_the_browser_fits_the_types(client, misfits, path, params):
    if path == "/v1/tokens":
        params["card"] |= {"exp_month": 4, "exp_year": 2040, "cvc": "123"}
    if path == "/v1/payment_methods":
        params["us_bank_account"] = {"account_number": "000123456789"}
    if path == "/v1/customer_sessions":
        ada = client.post("/v1/customers")
        params["customer"] = ada["id"]
        params["components"]["payment_element"]["enabled"] = True
    answer = client.post(path, params)
    assert answer.status == 200, answer.body
    assert misfits(answer.body) == []


def test_the_checker_finds_unknown_missing_and_ill_typed_fields(client, misfits):
    intent = client.intent().body
    intent |= {"invented": 1, "amount": "4200"}
    del intent["currency"]
    assert sorted(misfits(intent)) == [
        "payment_intent.amount is '4200', not int",
        "payment_intent.currency is missing",
        "payment_intent.invented is unknown",
    ]
