"""The payment step: one order, one intent, one call, the secret inside."""

import json
import re

import pytest
from django.urls import reverse

from htmx_checkout.models import Order, Payment
from tests.cast import ADA, ask_json, fill, open_payment, shopper

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


def test_the_first_answer_makes_exactly_one_call_which_creates(till):
    open_payment(shopper())
    assert till.verbs() == ["POST /v1/payment_intents"]


def test_a_reload_makes_exactly_one_call_which_retrieves_the_same_intent(till):
    ada = shopper()
    first = secret_in(open_payment(ada))
    till.forget_calls()
    assert secret_in(open_payment(ada)) == first
    assert till.verbs() == [
        f"GET /v1/payment_intents/{Payment.objects.get().stripe_id}"
    ]


def test_another_total_makes_exactly_one_call_which_updates_the_same_intent(till):
    ada = shopper()
    first = secret_in(open_payment(ada))
    fill(ada, 5600)
    till.forget_calls()
    assert secret_in(open_payment(ada)) == first
    payment = Payment.objects.get()
    assert till.verbs() == [f"POST /v1/payment_intents/{payment.stripe_id}"]
    assert till.intent(payment.stripe_id).amount == payment.amount == 5600
    assert Order.objects.get().amount == 5600


def test_a_total_that_goes_up_and_comes_down_again_ends_where_it_is(till):
    ada = shopper()
    for amount in (4200, 5600, 4200, 5600):
        fill(ada, amount)
        open_payment(ada)
        assert till.intent(Payment.objects.get().stripe_id).amount == amount


def test_another_currency_updates_the_intent(till, settings):
    ada = shopper()
    open_payment(ada)
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "jpy"}
    open_payment(ada)
    intent = till.intent(Payment.objects.get().stripe_id)
    assert (intent.amount, intent.currency) == (4200, "jpy")


def test_another_email_reaches_the_receipt(till):
    ada = shopper()
    open_payment(ada)
    open_payment(ada, email="ada@lovelace.example")
    intent = till.intent(Payment.objects.get().stripe_id)
    assert intent.receipt_email == "ada@lovelace.example"


def test_the_intent_carries_what_finds_the_order_again(till):
    open_payment(shopper())
    order, intent = Order.objects.get(), till.intent(Payment.objects.get().stripe_id)
    assert intent.metadata["order"] == order.reference
    assert intent.metadata["installation"] == "fern-and-quill"
    assert intent.receipt_email == ADA
    assert intent.automatic_payment_methods.enabled


def test_the_key_that_stripe_got_is_the_one_that_was_stored(till):
    open_payment(shopper())
    (call,) = till.calls()
    assert call["idempotency_key"] == Payment.objects.get().idempotency_key


def test_two_shoppers_have_two_orders(till):
    open_payment(shopper())
    open_payment(shopper())
    assert Order.objects.count() == Payment.objects.count() == 2


def test_an_intent_that_was_cancelled_elsewhere_is_replaced_by_a_new_one(till):
    ada = shopper()
    first = secret_in(open_payment(ada))
    till.client.v1.payment_intents.cancel(Payment.objects.get().stripe_id)
    assert secret_in(open_payment(ada)) != first
    assert list(Payment.objects.values_list("status", flat=True)) == [
        "cancelled",
        "open",
    ]


def test_an_intent_that_stripe_does_not_know_is_replaced_by_a_new_one(till):
    ada = shopper()
    open_payment(ada)
    till.reset()
    assert open_payment(ada).status_code == 200
    assert Payment.objects.count() == 2


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


def test_paying_before_a_changed_bag_reaches_stripe_pays_what_the_button_said(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    fill(ada, 5600)
    assert "HX-Redirect" in open_payment(ada).headers
    order = Order.objects.get()
    assert (order.status, order.amount) == ("paid", 4200)


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


# --- What is refused before Stripe is called --------------------------------


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


# --- The classic way: JSON ---------------------------------------------------


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


# --- When Stripe does not answer ---------------------------------------------


def test_a_silent_stripe_is_told_and_the_next_try_uses_the_same_key_f3(till):
    ada = shopper()
    till.trouble("reset_before", 2)
    response = open_payment(ada)
    assert response.status_code == 503
    assert "not answering" in response.content.decode()
    open_payment(ada)
    key = Payment.objects.get().idempotency_key
    assert {call["idempotency_key"] for call in till.calls()} == {key}


def test_a_500_that_stripe_saved_under_the_key_is_passed_by_with_another_key_f44(till):
    ada = shopper()
    till.trouble("server_error")
    assert open_payment(ada).status_code == 503
    assert open_payment(ada).status_code == 200
    assert list(Payment.objects.values_list("status", flat=True)) == [
        "given_up",
        "open",
    ]


def test_a_500_that_hides_an_intent_leads_to_that_intent_f44(till):
    """Stripe did it, and saved an error: the next try looks before it asks anew."""
    ada = shopper()
    till.trouble("server_error_after")
    assert open_payment(ada).status_code == 503
    assert open_payment(ada).status_code == 200
    (intent,) = till.client.v1.payment_intents.list().data
    assert Payment.objects.get().stripe_id == intent.id


def test_an_answer_that_was_lost_leads_to_the_same_intent_f4(till):
    ada = shopper()
    till.trouble("reset_after", 2)
    open_payment(ada)
    response = open_payment(ada)
    assert response.status_code == 200
    assert len(till.client.v1.payment_intents.list().data) == 1
    assert json.dumps(Payment.objects.get().stripe_id) in json.dumps(
        till.client.v1.payment_intents.list().data[0].id
    )


def test_two_devices_of_one_person_are_two_orders_and_each_is_charged_for_itself_f61(
    till,
):
    """Two sessions know nothing of each other: nothing is merged silently."""
    open_payment(shopper())
    open_payment(shopper())
    assert Order.objects.count() == 2
    keys = {payment.idempotency_key for payment in Payment.objects.all()}
    assert len(keys) == len(till.client.v1.payment_intents.list().data) == 2


def test_a_busy_stripe_is_asked_again_f43(till):
    till.trouble("rate_limit", 2)
    assert open_payment(shopper()).status_code == 200
    assert Payment.objects.count() == 1


def test_a_refused_key_fails_closed_and_says_nothing_of_it_f47(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"SECRET_KEY": "sk_test_wrong"}
    response = open_payment(shopper())
    assert response.status_code == 503
    assert "sk_test" not in response.content.decode()


def test_a_key_that_stripe_may_have_forgotten_is_not_used_again_f9(till):
    """The intent of the lost answer is looked up, and found."""
    ada = shopper()
    till.trouble("reset_after", 2)
    open_payment(ada)
    payment = Payment.objects.get()
    stale = payment.key_stored_at.replace(year=payment.key_stored_at.year - 1)
    Payment.objects.update(key_stored_at=stale)
    till.forget_calls()
    open_payment(ada)
    assert till.verbs() == ["GET /v1/payment_intents"]
    (intent,) = till.client.v1.payment_intents.list().data
    assert Payment.objects.get().stripe_id == intent.id


def test_a_forgotten_key_that_made_nothing_is_followed_by_another_one_f9(till):
    ada = shopper()
    till.trouble("reset_before", 2)
    open_payment(ada)
    payment = Payment.objects.get()
    stale = payment.key_stored_at.replace(year=payment.key_stored_at.year - 1)
    Payment.objects.update(key_stored_at=stale)
    till.forget_calls()
    open_payment(ada)
    assert till.verbs() == ["GET /v1/payment_intents", "POST /v1/payment_intents"]
    assert till.calls()[-1]["idempotency_key"] != payment.idempotency_key
    assert Payment.objects.get(stripe_id__isnull=False).attempt == 2
