"""Clients of other years: what they send, and what they expect to find."""

OLD = "2019-12-03"
RETURN = "https://shop.example/return"
LINE = {"name": "Ink", "amount": 1400, "currency": "gbp", "quantity": 1}
SESSION = {"success_url": RETURN, "cancel_url": RETURN, "line_items": [LINE]}


def customer(client, **params):
    return client.post("/v1/customers", params)


def sources(client, owner):
    return f"/v1/customers/{owner['id']}/sources"


def test_a_token_becomes_the_card_of_a_customer_who_can_be_charged(client):
    ada = customer(client, source="tok_visa")
    charge = client.post(
        "/v1/charges", {"amount": 900, "currency": "gbp", "customer": ada["id"]}
    )
    assert charge["source"]["id"] == ada["default_source"]
    assert charge["source"]["object"] == "card"


def test_cards_are_added_read_renamed_listed_and_deleted(client):
    ada = customer(client, source="tok_visa")
    at = sources(client, ada)
    second = client.post(at, {"source": "tok_mastercard", "metadata": {"a": "b"}})
    assert (second["brand"], second["metadata"]) == ("MasterCard", {"a": "b"})
    one = f"{at}/{second['id']}"
    assert client.post(one, {"name": "Ada"})["name"] == "Ada"
    assert client.get(one)["customer"] == ada["id"]
    listed = [row["id"] for row in client.get(at, {"object": "card"})["data"]]
    assert listed == [second["id"], ada["default_source"]]
    assert client.get(at, {"object": "bank_account"})["data"] == []
    assert client.delete(f"{at}/{ada['default_source']}")["deleted"] is True
    now = client.get(f"/v1/customers/{ada['id']}")
    assert now["default_source"] == second["id"]


def test_a_card_of_a_customer_pays_an_intent_too(client):
    ada = customer(client, source="tok_visa")
    paid = client.pay(ada["default_source"], customer=ada["id"])
    assert paid["status"] == "succeeded"
    at = f"/v1/payment_intents/{paid['id']}"
    expanded = client.get(at, {"expand": ["payment_method"]})
    assert expanded["payment_method"]["object"] == "payment_method"


def test_another_source_takes_the_place_of_the_default_one(client):
    ada = customer(client, source="tok_visa")
    client.post(f"/v1/customers/{ada['id']}", {"source": "tok_amex"})
    rows = client.get(sources(client, ada))["data"]
    assert [row["brand"] for row in rows] == ["American Express"]


def test_a_customer_whose_card_cannot_be_kept_is_not_made(client):
    answer = customer(client, source="tok_chargeDeclined")
    assert answer.status == 402
    assert client.get("/v1/customers")["data"] == []


def test_a_card_of_grace_is_not_among_those_of_ada(client):
    ada, grace = customer(client), customer(client, source="tok_visa")
    at = f"{sources(client, ada)}/{grace['default_source']}"
    assert client.get(at).error["code"] == "resource_missing"


def test_sources_come_unasked_before_august_2020(client):
    ada = customer(client, source="tok_visa")
    at = f"/v1/customers/{ada['id']}"
    assert client.get(at, version=OLD)["sources"]["data"][0]["last4"] == "4242"
    assert "sources" not in client.get(at).body
    client.delete(at)
    assert "sources" not in client.get(at, version=OLD).body


def test_a_card_fits_the_types_of_stripe(client, misfits):
    ada = customer(client, source="tok_visa")
    assert misfits(client.get(sources(client, ada)).body) == []


def test_a_charge_is_refunded_by_its_own_address(client):
    def charged():
        given = {"amount": 900, "currency": "gbp", "source": "tok_visa"}
        return f"/v1/charges/{client.post('/v1/charges', given)['id']}"

    at = charged()
    refund = client.post(at + "/refunds", {"amount": 300})
    assert (refund["object"], refund["amount"]) == ("refund", 300)
    listed = client.get(at + "/refunds")["data"]
    assert [row["id"] for row in listed] == [refund["id"]]
    assert client.post(charged() + "/refund")["refunded"] is True


def test_the_list_of_charges_had_a_count(client):
    paid = client.pay()
    old = client.get(f"/v1/payment_intents/{paid['id']}", version=OLD)
    assert old["charges"]["total_count"] == 1


def test_a_session_had_its_intent_from_the_start_before_august_2022(client):
    old = client.post("/v1/checkout/sessions", SESSION, version=OLD)
    intent = client.get(f"/v1/payment_intents/{old['payment_intent']}")
    assert (intent["amount"], intent["status"]) == (1400, "requires_payment_method")
    client.post(f"/v1/checkout/sessions/{old['id']}/expire")
    assert client.look(intent)["status"] == "canceled"
    price = {"currency": "gbp", "unit_amount": 1400, "product_data": {"name": "Ink"}}
    given = SESSION | {"line_items": [{"price_data": price, "quantity": 1}]}
    new = client.post("/v1/checkout/sessions", given, version="2022-08-01")
    assert new["payment_intent"] is None


def test_confirming_by_hand_without_a_version_needs_no_return_url(client):
    given = {"amount": 900, "currency": "gbp", "payment_method": "pm_card_visa"}
    given |= {"confirm": True, "confirmation_method": "manual"}
    paid = client.post("/v1/payment_intents", given)
    assert paid["status"] == "succeeded"
    named = client.post("/v1/payment_intents", given, version="2026-10-28.endive")
    assert named.error["param"] == "return_url"


def test_nobody_comes_back_from_a_payment_off_session(client):
    given = {"amount": 900, "currency": "gbp", "payment_method": "pm_card_visa"}
    given |= {"confirm": True, "off_session": True}
    for version in ("", "2026-10-28.endive"):
        paid = client.post("/v1/payment_intents", given, version=version)
        assert paid["status"] == "succeeded"


def test_a_challenge_with_nowhere_to_come_back_to_is_for_the_script(client):
    asked = client.pay(
        "pm_card_threeDSecure2Required", return_url=None, confirmation_method="manual"
    )
    assert asked["next_action"]["type"] == "use_stripe_sdk"


def test_the_return_url_may_be_in_the_confirmation_token(client):
    def pay(**given):
        token = client.post(
            "/v1/test_helpers/confirmation_tokens",
            {"payment_method": "pm_card_visa", **given},
        )
        return client.intent(confirm=True, confirmation_token=token["id"])

    assert pay(return_url=RETURN)["status"] == "succeeded"
    assert pay().error["param"] == "return_url"


def test_what_other_packages_expand_is_there(client):
    session = client.post("/v1/checkout/sessions", SESSION)
    expand = ["total_details.breakdown", "line_items.data.discounts"]
    at = f"/v1/checkout/sessions/{session['id']}"
    shown = client.get(at, {"expand": expand})
    assert shown["total_details"]["breakdown"] == {"discounts": [], "taxes": []}
    assert shown["line_items"]["data"][0]["discounts"] == []
    price = client.post(
        "/v1/prices",
        {"currency": "gbp", "unit_amount": 500, "product_data": {"name": "Ink"}},
    )
    shown = client.get(
        f"/v1/prices/{price['id']}", {"expand": ["currency_options", "tiers"]}
    )
    assert shown["currency_options"]["gbp"]["unit_amount"] == 500
    assert shown["tiers"] is None


def test_no_account_is_connected(client):
    own = client.get("/v1/account")
    assert client.get("/v1/accounts")["data"] == []
    assert client.get(f"/v1/accounts/{own['id']}").body == own.body
    assert client.get("/v1/accounts/acct_other").status == 404


def test_nothing_is_left_to_expand_of_a_deleted_customer(client):
    ada = customer(client, source="tok_visa")
    at = f"/v1/customers/{ada['id']}"
    client.delete(at)
    gone = client.get(at, {"expand": ["default_source", "sources"]})
    assert gone.body == {"id": ada["id"], "object": "customer", "deleted": True}
