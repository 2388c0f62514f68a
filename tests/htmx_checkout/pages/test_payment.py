"""The payment step as HTML, as a partial and as JSON."""

import re

import pytest
from django.urls import reverse

from htmx_checkout.models import Order, Payment
from tests.support.cast import ADA, ask_json, fill, open_payment, shopper

pytestmark = pytest.mark.django_db


def secret_in(response):
    return re.search(r'data-secret="([^"]+)"', response.content.decode())[1]


def test_the_partial_already_contains_the_client_secret(till):
    response = open_payment(shopper())
    payment = Payment.objects.get()
    assert response.status_code == 200
    assert secret_in(response) == till.intent(payment.stripe_id).client_secret


def test_the_partial_holds_the_parts_that_the_script_needs(till):
    html = open_payment(shopper()).content.decode()
    for part in ("payment-form", "payment-element", "payment-message"):
        assert f'id="{part}"' in html
    assert re.search(r"Pay <span[^>]*>£42.00</span>", html)
    assert "<html" not in html


def test_a_plain_form_gets_the_whole_page_with_the_payment_in_it(till):
    response = shopper().post(reverse("htmx_checkout:payment"), {"email": ADA})
    assert b"<html" in response.content
    assert secret_in(response)


def test_the_answer_is_never_stored_by_a_cache(till):
    assert "no-store" in open_payment(shopper())["Cache-Control"]


def test_a_paid_order_shows_its_state_and_never_a_form(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    response = open_payment(ada)
    assert response["HX-Redirect"] == reverse(
        "htmx_checkout:status", args=[Order.objects.get().token]
    )
    assert b"secret" not in response.content


def test_a_processing_order_shows_its_state_and_never_a_form(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    ada = shopper()
    open_payment(ada)
    till.pay_by_debit(Payment.objects.get().stripe_id)
    assert "HX-Redirect" in open_payment(ada).headers
    assert Order.objects.get().status == "processing"


def test_only_the_button_follows_while_the_element_is_mounted(till):
    ada = shopper()
    open_payment(ada)
    fill(ada, 5600)
    mounted = {"email": ADA, "mounted": Payment.objects.get().stripe_id}
    response = ada.post(
        reverse("htmx_checkout:payment"), mounted, headers={"HX-Request": "true"}
    )
    html = response.content.decode()
    assert html.strip().startswith('<button class="button" id="payment-button"')
    assert 'data-amount="5600"' in html
    assert "secret" not in html


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (None, "bag is empty"),
        (0, "nothing to pay"),
        (-4200, "nothing to pay"),
        (29, "too small"),
        (100_000_000, "too large"),
        (42.0, "could not work out the price"),
        ("4200", "could not work out the price"),
        (True, "could not work out the price"),
    ],
)
def test_a_total_that_cannot_be_charged_is_refused_in_words_f67(till, amount, words):
    response = open_payment(shopper(amount))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert till.calls() == []
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("currency", "amount", "code"),
    [
        ("galleons", 4200, "currency_unknown"),
        ("kwd", 5125, "amount_not_representable"),
        ("jpy", 49, "amount_too_small"),
    ],
)
def test_a_currency_has_rules_of_its_own(till, settings, currency, amount, code):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": currency}
    response = ask_json(shopper(amount))
    assert response.status_code == 422
    assert response.json()["error"]["code"] == code
    assert till.calls() == []


def test_the_email_is_asked_for_again_with_what_was_typed_i17(till):
    response = open_payment(shopper(), email="ada at example")
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="ada at example"' in html
    assert 'aria-invalid="true"' in html
    assert till.calls() == []


def test_a_get_of_the_payment_step_is_refused(till):
    assert shopper().get(reverse("htmx_checkout:payment")).status_code == 405


def test_json_holds_what_a_classic_script_needs(till, settings):
    response = ask_json(shopper())
    order = Order.objects.get()
    assert response.json() == {
        "clientSecret": till.intent(Payment.objects.get().stripe_id).client_secret,
        "publishableKey": settings.CHECKOUT["PUBLISHABLE_KEY"],
        "amount": 4200,
        "currency": "gbp",
        "returnUrl": f"http://testserver/checkout/return/{order.token}/",
    }
    assert "no-store" in response["Cache-Control"]


def test_json_is_answered_to_whoever_sends_json(till):
    response = shopper().post(
        reverse("htmx_checkout:payment"), "{}", content_type="application/json"
    )
    assert "clientSecret" in response.json()


def test_json_that_htmx_asks_for_is_json_also_when_stripe_is_silent(till):
    """Without a partial to keep, nothing is hidden in an answer that htmx skips."""
    ada = shopper()
    till.trouble("reset_before", 4)
    response = ada.post(
        reverse("htmx_checkout:payment"),
        {"email": "ada@example.com", "mounted": "pi_1"},
        headers={"HX-Request": "true", "Accept": "application/json"},
    )
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "stripe_unreachable"


def test_an_amount_in_the_body_is_ignored_i8(till):
    body = {"amount": 1, "currency": "jpy", "items": [{"id": "xl-tshirt"}]}
    assert ask_json(shopper(), body).json()["amount"] == 4200


def test_json_may_bring_the_email(till):
    ask_json(shopper(), {"email": ADA})
    assert till.intent(Payment.objects.get().stripe_id).receipt_email == ADA


def test_a_wrong_email_in_json_is_said_in_json(till):
    response = ask_json(shopper(), {"email": "nobody"})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "email_invalid"


@pytest.mark.parametrize("body", ["{", "[]", '"a"', "NaN", "\udcff", "[" * 100_000])
def test_malformed_json_is_a_400_in_json(till, body):
    response = ask_json(
        shopper(), body.encode("utf-8", "surrogateescape").decode("latin-1")
    )
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "json_malformed"
    assert till.calls() == []


def test_a_paid_order_is_a_conflict_in_json(till):
    ada = shopper()
    ask_json(ada)
    till.pay(Payment.objects.get().stripe_id)
    response = ask_json(ada)
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "paid"
    assert "clientSecret" not in response.json()
