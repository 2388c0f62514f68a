"""The life of a payment intent."""

import pytest

RETURN = "https://shop.example/return"
OPEN = ["requires_payment_method", "requires_confirmation", "requires_action"]


DEBIT = {"iban": "AT611904300234573201"}
WAYS = {
    "requires_payment_method": lambda client: client.intent(),
    "requires_confirmation": lambda client: client.intent(
        payment_method="pm_card_visa"
    ),
    "requires_action": lambda client: client.pay("pm_card_authenticationRequired"),
    "requires_capture": lambda client: client.pay(capture_method="manual"),
    "processing": lambda client: client.pay_by("sepa_debit", **DEBIT),
    "succeeded": lambda client: client.pay(),
    "canceled": lambda client: client.post(
        f"/v1/payment_intents/{client.intent()['id']}/cancel"
    ),
}


def reach(client, status):
    """An intent in ``status``."""
    return WAYS[status](client)


LATE = ["requires_capture", "processing", "succeeded", "canceled"]


@pytest.mark.parametrize("status", OPEN + LATE)
def test_every_status_can_be_reached(client, status):
    assert reach(client, status)["status"] == status


@pytest.mark.parametrize(
    ("action", "params", "allowed"),
    [
        ("/confirm", {"payment_method": "pm_card_visa", "return_url": RETURN}, OPEN),
        ("", {"amount": 5000}, OPEN),
        ("/capture", {}, ["requires_capture"]),
        ("/cancel", {}, [*OPEN, "requires_capture"]),
        ("/increment_authorization", {"amount": 9000}, ["requires_capture"]),
    ],
)
@pytest.mark.parametrize("status", OPEN + LATE)
def test_an_illegal_move_is_refused_with_the_intent(
    client, status, action, params, allowed
):
    intent = reach(client, status)
    answer = client.post(f"/v1/payment_intents/{intent['id']}{action}", params)
    if status in allowed:
        assert answer.status == 200
        return
    assert answer.status == 400
    assert answer.error["code"] == "payment_intent_unexpected_state"
    assert answer.error["payment_intent"]["status"] == status
    assert client.look(intent).body == intent.body


def test_notes_stay_editable_after_success(client):
    paid = client.pay()
    at = f"/v1/payment_intents/{paid['id']}"
    changed = client.post(at, {"description": "Order 7", "metadata": {"a": "b"}})
    assert changed["description"] == "Order 7"
    assert changed["metadata"] == {"a": "b"}


def test_success_takes_the_money(client):
    paid = client.pay()
    assert paid["amount_received"] == 4200
    charge = client.get(f"/v1/charges/{paid['latest_charge']}")
    assert charge["captured"]
    assert charge["paid"]
    assert charge["outcome"]["type"] == "authorized"
    assert client.events() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_the_balance_transaction_of_an_async_capture_comes_later(client):
    paid = client.pay()
    at = f"/v1/charges/{paid['latest_charge']}"
    assert client.get(at)["balance_transaction"] is None
    client.later(2)
    booked = client.get(at, {"expand": ["balance_transaction"]})["balance_transaction"]
    assert (booked["amount"], booked["net"]) == (4200, 4200 - booked["fee"])
    update = client.get("/v1/events", {"type": "charge.updated"})["data"][0]
    assert update["data"]["previous_attributes"] == {"balance_transaction": None}
    assert update["request"] == {"id": None, "idempotency_key": None}


def test_a_decline_gives_402_with_the_whole_story(client):
    declined = client.pay("pm_card_visa_chargeDeclinedInsufficientFunds")
    assert declined.status == 402
    error = declined.error
    assert (error["type"], error["code"]) == ("card_error", "card_declined")
    assert error["decline_code"] == "insufficient_funds"
    assert error["message"] == "Your card has insufficient funds."
    intent = error["payment_intent"]
    assert intent["status"] == "requires_payment_method"
    assert intent["payment_method"] is None
    assert intent["latest_charge"] == error["charge"]
    assert intent["last_payment_error"]["decline_code"] == "insufficient_funds"
    assert client.get(f"/v1/charges/{error['charge']}")["status"] == "failed"
    assert client.events()[1:] == ["charge.failed", "payment_intent.payment_failed"]


def test_another_card_may_follow_a_decline(client):
    declined = client.pay("pm_card_visa_chargeDeclined").error["payment_intent"]
    at = f"/v1/payment_intents/{declined['id']}"
    assert client.post(at, {"amount": 5000})["last_payment_error"] is None
    given = {"payment_method": "pm_card_visa", "return_url": RETURN}
    paid = client.post(f"{at}/confirm", given)
    assert (paid["status"], paid["amount_received"]) == ("succeeded", 5000)


def test_a_server_that_confirms_must_say_where_to_return(client):
    answer = client.pay(return_url=None)
    assert (answer.status, answer.error["param"]) == (400, "return_url")
    never = {"enabled": True, "allow_redirects": "never"}
    paid = client.pay(return_url=None, automatic_payment_methods=never)
    assert paid["status"] == "succeeded"


def test_confirming_without_a_method_is_refused(client):
    intent = client.intent()
    at = f"/v1/payment_intents/{intent['id']}/confirm"
    answer = client.post(at, {"return_url": RETURN})
    assert answer.error["code"] == "payment_intent_unexpected_state"


def test_the_amount_to_confirm_must_be_the_amount(client):
    intent = client.intent()
    at = f"/v1/payment_intents/{intent['id']}/confirm"
    given = {"payment_method": "pm_card_visa", "return_url": RETURN}
    wrong = client.post(at, {**given, "amount_to_confirm": 4100})
    assert wrong.error["param"] == "amount_to_confirm"
    assert client.post(at, {**given, "amount_to_confirm": 4200}).status == 200


def test_automatic_methods_cannot_be_changed_later(client):
    at = f"/v1/payment_intents/{client.intent()['id']}"
    answer = client.post(at, {"automatic_payment_methods": {"enabled": True}})
    assert answer.error["code"] == "parameter_unknown"


def test_allowed_and_excluded_types_filter_the_offer(client):
    allowed = client.intent(currency="eur", allowed_payment_method_types=["ideal"])
    assert allowed["payment_method_types"] == ["ideal"]
    excluded = client.intent(currency="eur", excluded_payment_method_types=["ideal"])
    assert "ideal" not in excluded["payment_method_types"]
    nothing = client.intent(allowed_payment_method_types=["ideal"])
    assert nothing.status == 400


def test_a_method_that_is_not_offered_is_refused(client):
    data = {"type": "ideal"}
    answer = client.intent(payment_method_data=data, confirm=True, return_url=RETURN)
    code = "payment_intent_incompatible_payment_method"
    assert (answer.status, answer.error["code"]) == (400, code)


def test_a_refused_update_changes_nothing(client):
    intent = client.intent(currency="eur")
    at = f"/v1/payment_intents/{intent['id']}"
    given = {
        "amount": 5000,
        "currency": "gbp",
        "payment_method_data": {"type": "ideal"},
    }
    refused = client.post(at, given)
    assert refused.error["code"] == "payment_intent_incompatible_payment_method"
    assert client.get(at).body == intent.body


def test_a_confirmation_token_is_spent_once(client):
    data = {"type": "card", "card": {"token": "tok_visa"}}
    given = {"payment_method_data": data, "return_url": RETURN}
    token = client.post("/v1/confirmation_tokens", given, key="pk_test_standin")
    paid = client.pay(payment_method=None, confirmation_token=token["id"])
    assert paid["status"] == "succeeded"
    again = client.pay(payment_method=None, confirmation_token=token["id"])
    assert again.error["param"] == "confirmation_token"


def test_unknown_intents_are_404(client):
    answer = client.get("/v1/payment_intents/pi_none")
    assert (answer.status, answer.error["code"]) == (404, "resource_missing")
    assert answer.error["param"] == "intent"


def test_cancelling_says_why_and_only_once(client):
    intent = client.intent()
    at = f"/v1/payment_intents/{intent['id']}/cancel"
    gone = client.post(at, {"cancellation_reason": "abandoned"})
    assert gone["cancellation_reason"] == "abandoned"
    assert gone["canceled_at"] == gone["created"]
    assert client.post(at).error["code"] == "payment_intent_unexpected_state"
    assert client.events()[-1] == "payment_intent.canceled"


def test_a_search_finds_by_field_and_metadata(client):
    client.intent(metadata={"order": "1"})
    wanted = client.intent(metadata={"order": "2"})
    query = "metadata['order']:'2' AND amount>=4200 AND -status:'succeeded'"
    answer = client.get("/v1/payment_intents/search", {"query": query})
    assert [row["id"] for row in answer["data"]] == [wanted["id"]]
    bad = client.get("/v1/payment_intents/search", {"query": "nonsense"})
    assert bad.error["param"] == "query"
