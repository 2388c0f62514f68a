"""One result as a partial, a page or JSON, and what every answer owes."""

import pytest
from django.db import connection
from django.http import HttpResponseRedirect
from django.urls import reverse

from htmx_checkout.exceptions import StripeBusy
from htmx_checkout.models import Order, Payment
from htmx_checkout.pages.responses import Reply
from tests.support.cast import (
    ADA,
    ask_json,
    event,
    open_payment,
    post_event,
    shopper,
    status_url,
)

pytestmark = pytest.mark.django_db


PAGE, PAYMENT = "/checkout/", "/checkout/payment/"


def test_a_form_that_holds_another_intent_gets_the_whole_partial(till, begun):
    ada, _payment = begun
    stale = {"email": ADA, "mounted": "pi_of_yesterday"}
    html = ada.post(PAYMENT, stale, headers={"HX-Request": "true"}).content.decode()
    assert 'id="payment-form"' in html


def test_an_element_that_is_mounted_stays_when_stripe_is_silent(till, begun):
    ada, payment = begun
    typing = {"email": ADA, "mounted": payment.stripe_id}
    till.trouble("reset_before", 2)
    response = ada.post(PAYMENT, typing, headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (502, b"")
    assert "HX-Retarget" not in response.headers


def test_the_return_url_is_on_the_public_origin_where_one_is_set_s4(till, settings):
    held = settings.CHECKOUT | {"PUBLIC_ORIGIN": "https://shop.example/"}
    settings.CHECKOUT = held
    url = ask_json(shopper()).json()["returnUrl"]
    assert url == f"https://shop.example/checkout/return/{Order.objects.get().token}/"


def test_a_known_email_is_kept_by_a_script_that_sends_none(till, begun):
    ada, payment = begun
    ask_json(ada)
    assert till.intent(payment.stripe_id).receipt_email == ADA
    assert Order.objects.get().email == ADA


def test_a_busy_stripe_is_told_with_a_time_to_come_back_f43(rf):
    response = Reply(rf.post(PAYMENT)).problem(StripeBusy())
    assert response.status_code == 503
    assert response["Retry-After"] == "2"


def test_no_answer_at_all_is_unknown_and_not_a_refusal_i14(till):
    till.trouble("reset_before", 2)
    html = open_payment(shopper()).content.decode()
    assert "not answering" in html
    assert "Nothing was charged" not in html


def test_partial_page_and_json_are_told_apart_by_caches_s20(till):
    vary = open_payment(shopper())["Vary"]
    assert "HX-Request" in vary
    assert "Accept," in vary
    assert "Cookie" in vary


def test_nothing_that_a_shopper_sees_is_stored_by_a_cache_s20(till, begun):
    ada, payment = begun
    token = payment.order.token
    back = reverse("htmx_checkout:return", args=[token])
    responses = [
        ada.get(PAGE),
        ada.get(reverse("htmx_checkout:summary")),
        open_payment(ada),
        ada.get(status_url(payment.order)),
        ada.get(reverse("htmx_checkout:poll", args=[token])),
        ada.get(back, {"payment_intent": payment.stripe_id}),
    ]
    assert ["no-store" in answer["Cache-Control"] for answer in responses] == [True] * 6


@pytest.mark.parametrize("name", ["page", "summary", "status", "poll", "return"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_is_looked_at_changes_nothing_by_other_methods(till, begun, name, method):
    ada, payment = begun
    args = [] if name in ("page", "summary") else [payment.order.token]
    assert ada.generic(
        method, reverse(f"htmx_checkout:{name}", args=args)
    ).status_code == (405)


def visits(ada, payment, held):
    """Each way to one of the views that call Stripe."""
    token = payment.order.token
    back = reverse("htmx_checkout:return", args=[token])
    return {
        "payment": lambda: open_payment(ada),
        "return": lambda: ada.get(back, {"payment_intent": payment.stripe_id}),
        "status": lambda: ada.get(status_url(payment.order)),
        "poll": lambda: ada.get(reverse("htmx_checkout:poll", args=[token])),
        "webhook": lambda: post_event(event("payment_intent.processing", held)),
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["payment", "return", "status", "poll", "webhook"])
def test_a_transaction_for_each_request_keeps_nobody_from_asking_stripe_i12(
    till, begun, monkeypatch, name
):
    ada, payment = begun
    held = till.intent(payment.stripe_id).to_dict()
    Payment.objects.update(asked_at=None)
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    till.forget_calls()
    assert visits(ada, payment, held)[name]().status_code in (200, 303)
    assert till.verbs() == [f"GET /v1/payment_intents/{payment.stripe_id}"]


def test_a_price_that_cannot_be_read_is_told_on_the_page_and_in_the_summary(till):
    ada = shopper(42.0)
    assert "could not work out" in ada.get(PAGE).content.decode()
    assert ada.get(reverse("htmx_checkout:summary")).status_code == 200


def test_a_browser_without_htmx_is_redirected_to_the_status_of_a_paid_order(
    till, begun
):
    ada, payment = begun
    till.pay(payment.stripe_id)
    response = ada.post(PAYMENT, {"email": ADA})
    assert isinstance(response, HttpResponseRedirect)
    assert (response.status_code, response.url) == (303, status_url(payment.order))
    followed = ada.post(PAYMENT, {"email": ADA}, follow=True)
    assert 'data-status="paid"' in followed.content.decode()


def test_htmx_and_a_script_learn_where_the_status_of_a_paid_order_is(till, begun):
    ada, payment = begun
    till.pay(payment.stripe_id)
    asked = ada.post(PAYMENT, {"email": ADA}, headers={"HX-Request": "true"})
    assert asked["HX-Redirect"] == status_url(payment.order)
    told = ask_json(ada)
    assert told.status_code == 409
    assert told.json()["error"]["statusUrl"] == status_url(payment.order)


@pytest.mark.parametrize(
    "headers",
    [{}, {"HX-Request": "true"}, {"Accept": "application/json"}],
    ids=["page", "htmx", "json"],
)
def test_each_kind_of_answer_names_what_it_depends_on_s20(till, headers):
    vary = shopper().post(PAYMENT, {"email": ADA}, headers=headers)["Vary"]
    assert {"HX-Request", "Accept"} <= set(vary.split(", "))


def test_a_script_too_is_told_when_to_come_back_to_a_busy_stripe_f43(rf):
    asked = rf.post(PAYMENT, headers={"Accept": "application/json"})
    response = Reply(asked).problem(StripeBusy())
    assert response["Retry-After"] == "2"
    assert b'"stripe_busy"' in response.content


def test_a_partial_takes_the_place_of_the_whole_step_and_a_page_does_not(till):
    asked = {"HX-Request": "true"}
    partial = shopper().post(PAYMENT, {"email": "x"}, headers=asked)
    assert partial["HX-Retarget"] == "#step"
    assert partial["HX-Reswap"] == "innerHTML"
    assert "HX-Retarget" not in shopper().post(PAYMENT, {"email": "x"})
