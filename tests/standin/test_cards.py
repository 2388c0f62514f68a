"""The documented test cards, and no other."""

import json

import pytest

from stripe_standin.intents import authentications
from stripe_standin.payment_methods import cards
from stripe_standin.world.store import public

PK = "pk_test_standin"


def card(number, **changes):
    given = {"number": number, "exp_month": 4, "exp_year": 2044, "cvc": "123"}
    return {"type": "card", "card": given | changes}


@pytest.mark.parametrize("number", sorted(cards.BY_NUMBER))
def test_every_test_number_is_valid_and_taken(client, number):
    assert cards.passes_luhn(number)
    answer = client.post("/v1/payment_methods", card(number), key=PK)
    assert answer["card"]["last4"] == number[-4:]


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4242424242424241", "incorrect_number", None),
        ("4242", "incorrect_number", None),
        ("4539578763621486", "card_declined", "testmode_decline"),
        ("not a number", "incorrect_number", None),
    ],
)
def test_any_other_number_is_refused_and_forgotten(
    client, engine, number, code, decline_code
):
    answer = client.post("/v1/payment_methods", card(number), key=PK)
    assert (answer.status, answer.error["code"]) == (402, code)
    assert answer.error.get("decline_code") == decline_code
    assert list(engine.store.newest("payment_method")) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp_month": 13}, "invalid_expiry_month"),
        ({"exp_year": 2020}, "invalid_expiry_year"),
        ({"exp_year": 20}, "invalid_expiry_year"),
        ({"cvc": "12"}, "invalid_cvc"),
        ({"cvc": "abc"}, "invalid_cvc"),
    ],
)
def test_details_that_cannot_be_right_are_refused(client, changes, code):
    given = card("4242424242424242", **changes)
    answer = client.post("/v1/payment_methods", given, key=PK)
    assert (answer.status, answer.error["code"]) == (402, code)


def test_this_month_is_still_good_and_the_last_one_is_not(client, clock):
    # 2026-10-28 on the clock of these tests.
    good = card("4242424242424242", exp_month=10, exp_year=26)
    assert client.post("/v1/payment_methods", good).status == 200
    late = card("4242424242424242", exp_month=9, exp_year=26)
    assert client.post("/v1/payment_methods", late).status == 402


DECLINES = [
    ("4000000000000002", "card_declined", "generic_decline"),
    ("4000000000009995", "card_declined", "insufficient_funds"),
    ("4000000000009987", "card_declined", "lost_card"),
    ("4000000000009979", "card_declined", "stolen_card"),
    ("4000000000006975", "card_declined", "card_velocity_exceeded"),
    ("4000000000000069", "expired_card", None),
    ("4000000000000127", "incorrect_cvc", None),
    ("4000000000000119", "processing_error", None),
    ("4100000000000019", "card_declined", "fraudulent"),
    ("4000000000000341", "card_declined", "generic_decline"),
]


@pytest.mark.parametrize(("number", "code", "decline_code"), DECLINES)
def test_each_declining_card_declines_its_own_way(client, number, code, decline_code):
    answer = client.pay(payment_method=None, payment_method_data=card(number))
    assert (answer.status, answer.error["code"]) == (402, code)
    assert answer.error.get("decline_code") == decline_code
    charge = client.get(f"/v1/charges/{answer.error['charge']}")
    blocked = number == "4100000000000019"
    assert charge["outcome"]["type"] == ("blocked" if blocked else "issuer_declined")


def test_the_wrong_security_code_needs_a_security_code(client):
    data = card("4000000000000127")
    del data["card"]["cvc"]
    paid = client.pay(payment_method=None, payment_method_data=data)
    assert paid["status"] == "succeeded"


SECURE = [
    "4000002500003155",
    "4000002760003184",
    "4000003800000446",
    "4000000000003220",
    "4000008400000027",
]


@pytest.mark.parametrize("number", SECURE)
def test_secure_cards_ask_for_a_challenge(client, engine, number):
    intent = client.pay(payment_method=None, payment_method_data=card(number))
    assert intent["status"] == "requires_action"
    redirect = intent["next_action"]["redirect_to_url"]
    assert redirect["return_url"] == "https://shop.example/return"
    where = redirect["url"].split("/challenge/")[1].removesuffix("?redirect=1")
    assert authentications.finish(engine, where, "complete")["status"] == "succeeded"
    charge = client.get(f"/v1/charges/{client.look(intent)['latest_charge']}")
    secure = charge["payment_method_details"]["card"]["three_d_secure"]
    assert secure["result"] == "authenticated"


def challenge(client, engine, method="pm_card_authenticationRequired", **params):
    intent = client.pay(method, **params)
    private = client.look(intent)["next_action"]["use_stripe_sdk"]
    assert private["type"] == "three_d_secure_redirect"
    assert private["stripe_js"].startswith(engine.base_url + "/challenge/")
    return intent, private["stripe_js"].rsplit("/", 1)[1]


@pytest.mark.parametrize("outcome", ["fail", "cancel"])
def test_a_challenge_that_is_failed_or_closed_takes_no_money(client, engine, outcome):
    intent, where = challenge(client, engine, use_stripe_sdk=True)
    authentications.finish(engine, where, outcome)
    after = client.look(intent)
    assert after["status"] == "requires_payment_method"
    error = after["last_payment_error"]
    assert error["code"] == "payment_intent_authentication_failure"
    assert error["message"].startswith("We are unable to authenticate")
    assert after["latest_charge"] is None
    assert client.events()[-1] == "payment_intent.payment_failed"


def test_a_second_click_on_a_challenge_changes_nothing(client, engine):
    intent, where = challenge(client, engine, use_stripe_sdk=True)
    authentications.finish(engine, where, "complete")
    done = client.look(intent).body
    authentications.finish(engine, where, "fail")
    assert client.look(intent).body == done


def test_a_new_attempt_closes_the_old_challenge(client, engine):
    intent, where = challenge(client, engine, use_stripe_sdk=True)
    at = f"/v1/payment_intents/{intent['id']}/confirm"
    paid = client.post(
        at, {"payment_method": "pm_card_visa", "return_url": "https://shop.example/"}
    )
    assert paid["status"] == "succeeded"
    authentications.finish(engine, where, "fail")
    assert client.look(intent)["status"] == "succeeded"


def test_a_card_may_decline_after_the_challenge(client, engine):
    method = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    intent, where = challenge(client, engine, method, use_stripe_sdk=True)
    authentications.finish(engine, where, "complete")
    after = client.look(intent)
    assert after["status"] == "requires_payment_method"
    assert after["last_payment_error"]["decline_code"] == "insufficient_funds"


def test_manual_confirmation_asks_the_server_again(client, engine):
    intent, where = challenge(
        client, engine, use_stripe_sdk=True, confirmation_method="manual"
    )
    authentications.finish(engine, where, "complete")
    assert client.look(intent)["status"] == "requires_confirmation"
    at = f"/v1/payment_intents/{intent['id']}/confirm"
    paid = client.post(at, {"return_url": "https://shop.example/"})
    assert paid["status"] == "succeeded"


def test_nobody_is_there_to_answer_off_session(client):
    answer = client.pay("pm_card_authenticationRequired", off_session=True)
    assert (answer.status, answer.error["code"]) == (402, "authentication_required")


def test_a_challenge_can_be_refused_beforehand(client):
    answer = client.pay("pm_card_authenticationRequired", error_on_requires_action=True)
    assert answer.status == 402
    assert answer.error["code"] == "payment_intent_action_required"


def test_an_optional_card_asks_only_when_told_to(client):
    assert client.pay("pm_card_threeDSecureOptional")["status"] == "succeeded"
    options = {"card": {"request_three_d_secure": "any"}}
    asked = client.pay("pm_card_threeDSecureOptional", payment_method_options=options)
    assert asked["status"] == "requires_action"


def test_a_card_that_was_set_up_pays_off_session(client, engine):
    ada = client.post("/v1/customers")
    given = {
        "customer": ada["id"],
        "payment_method": "pm_card_authenticationRequiredOnSetup",
        "confirm": True,
        "use_stripe_sdk": True,
    }
    setup = client.post("/v1/setup_intents", given)
    assert setup["status"] == "requires_action"
    where = setup["next_action"]["use_stripe_sdk"]["source"]
    assert authentications.finish(engine, where, "complete")["status"] == "succeeded"
    paid = client.pay(setup["payment_method"], customer=ada["id"], off_session=True)
    assert paid["status"] == "succeeded"


def test_no_card_number_is_kept_anywhere(client, engine):
    for number in cards.BY_NUMBER:
        client.pay(payment_method=None, payment_method_data=card(number))
    client.post("/v1/tokens", {"card": card("4242424242424242")["card"]})
    kept = json.dumps([public(o) for o in engine.store.by_id.values()])
    kept += json.dumps(list(engine.store.by_id.values()))
    kept += json.dumps(engine.calls.as_list()) + repr(engine.answers.by_key)
    assert [number for number in cards.BY_NUMBER if number in kept] == []
