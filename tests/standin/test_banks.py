"""Bank debits that take their time, and redirects to a bank's page."""

from urllib.parse import parse_qs, urlsplit

import pytest

from stripe_standin.intents import bank_redirects
from stripe_standin.payment_methods import banks


def debit(client, iban):
    return client.pay_by("sepa_debit", iban=iban)


@pytest.mark.parametrize(
    ("iban", "status", "failure"),
    [
        ("AT611904300234573201", "succeeded", None),
        ("AT861904300235473202", "requires_payment_method", "generic_decline"),
        ("AT981904300002222227", "requires_payment_method", "insufficient_funds"),
    ],
)
def test_a_debit_is_decided_a_little_later(client, iban, status, failure):
    intent = debit(client, iban)
    assert intent["status"] == "processing"
    assert intent["amount_received"] == 0
    client.later(4)
    after = client.look(intent)
    assert after["status"] == status
    if failure:
        assert after["last_payment_error"]["decline_code"] == failure
        code = "payment_intent_payment_attempt_failed"
        assert after["last_payment_error"]["code"] == code
        assert client.events()[-2:] == [
            "charge.failed",
            "payment_intent.payment_failed",
        ]
    else:
        assert client.events()[-4:] == [
            "charge.pending",
            "payment_intent.processing",
            "charge.succeeded",
            "payment_intent.succeeded",
        ]


def test_a_slow_debit_takes_three_minutes(client):
    intent = debit(client, "AT321904300235473204")
    client.later(179)
    assert client.look(intent)["status"] == "processing"
    client.later(1)
    assert client.look(intent)["status"] == "succeeded"


def test_a_debit_is_no_card_charge(client):
    intent = debit(client, "AT611904300234573201")
    assert intent["latest_charge"].startswith("py_")


def test_a_debit_may_be_disputed_at_once(client):
    debit(client, "AT591904300235473203")
    client.later(4)
    assert client.get("/v1/disputes")["data"][0]["reason"] == "debit_not_authorized"


@pytest.mark.parametrize("number", ["DE00", "GB29NWBK60161331926819"])
def test_any_other_account_is_refused(client, number):
    answer = debit(client, number)
    where = "payment_method_data[sepa_debit][iban]"
    assert (answer.status, answer.error["param"]) == (400, where)


def visit(intent):
    return intent["next_action"]["redirect_to_url"]["url"].rsplit("/", 1)[1]


@pytest.mark.parametrize("kind", ["ideal", "bancontact"])
def test_an_authorised_redirect_comes_back_paid(client, engine, kind):
    intent = client.pay_by(kind)
    assert intent["status"] == "requires_action"
    url = bank_redirects.finish(engine, visit(intent), "authorize")
    query = parse_qs(urlsplit(url).query)
    assert query == {
        "payment_intent": [intent["id"]],
        "payment_intent_client_secret": [intent["client_secret"]],
        "redirect_status": ["succeeded"],
    }
    assert client.look(intent)["status"] == "succeeded"


def test_a_refused_redirect_comes_back_failed(client, engine):
    intent = client.pay_by("ideal")
    url = bank_redirects.finish(engine, visit(intent), "fail")
    assert "redirect_status=failed" in url
    after = client.look(intent)
    assert after["status"] == "requires_payment_method"
    code = "payment_intent_authentication_failure"
    assert after["last_payment_error"]["code"] == code


def test_a_second_click_leads_to_the_same_place(client, engine):
    intent = client.pay_by("ideal")
    first = bank_redirects.finish(engine, visit(intent), "authorize")
    assert bank_redirects.finish(engine, visit(intent), "fail") == first


def test_the_shops_own_query_survives(client, engine):
    intent = client.intent(
        currency="eur",
        confirm=True,
        return_url="https://shop.example/return?order=7#top",
        payment_method_data={"type": "ideal"},
    )
    url = urlsplit(bank_redirects.finish(engine, visit(intent), "authorize"))
    assert parse_qs(url.query)["order"] == ["7"]
    assert url.fragment == "top"


def test_each_type_belongs_to_its_currencies():
    assert banks.automatic("gbp") == ["card"]
    assert banks.automatic("eur") == ["card", "ideal", "bancontact", "sepa_debit"]
