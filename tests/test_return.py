"""The way back from Stripe: whose order, how it went, and a clean URL."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from htmx_checkout.models import Order, Payment
from tests.cast import open_payment, return_url, shopper, status_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(till):
    """Ada has paid at Stripe; nothing has come back yet."""
    ada = shopper()
    open_payment(ada)
    payment = Payment.objects.get()
    secret = till.pay(payment.stripe_id).client_secret
    return ada, payment, secret


def test_the_return_settles_and_answers_with_a_clean_url_s2(paid):
    ada, payment, secret = paid
    response = ada.get(return_url(payment.order, payment, secret))
    assert response.status_code == 303
    assert response["Location"] == status_url(payment.order)
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert secret not in str(response.headers) + response.content.decode()
    assert Order.objects.get().is_paid


def test_returning_twice_changes_nothing(paid):
    ada, payment, secret = paid
    url = return_url(payment.order, payment, secret)
    ada.get(url)
    paid_at = Order.objects.get().paid_at
    assert ada.get(url).status_code == 303
    assert Order.objects.get().paid_at == paid_at


def test_another_browser_is_let_in_by_the_client_secret_f72(paid):
    _ada, payment, secret = paid
    elsewhere = Client()
    response = elsewhere.get(return_url(payment.order, payment, secret), follow=True)
    assert response.status_code == 200
    assert b"Paid" in response.content


def test_a_session_that_ended_at_the_bank_is_no_loss_f68(paid):
    ada, payment, secret = paid
    ada.session.flush()
    response = ada.get(return_url(payment.order, payment, secret), follow=True)
    assert b"Paid" in response.content


@pytest.mark.parametrize("guess", ["", "wrong", "pi_1_secret_2", "é"])
def test_mallory_without_the_secret_finds_nothing_s1(paid, guess):
    _ada, payment, _secret = paid
    mallory = Client()
    url = reverse("htmx_checkout:return", args=[payment.order.token])
    query = {"payment_intent": payment.stripe_id, "payment_intent_client_secret": guess}
    response = mallory.get(url, query)
    assert response["Location"] == status_url(payment.order)
    assert mallory.get(status_url(payment.order)).status_code == 404
    assert not Order.objects.get().is_paid


@pytest.mark.parametrize("known", [True, False])
def test_the_url_is_cleaned_for_everybody_whatever_it_says_s2(paid, known):
    _ada, payment, _secret = paid
    token = payment.order.token if known else "x" * 32
    url = reverse("htmx_checkout:return", args=[token])
    response = Client().get(url, {"payment_intent_client_secret": "pi_1_secret_1"})
    assert response.status_code == 303
    assert "secret" not in response["Location"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


def test_the_intent_of_another_order_settles_nothing_s3(till, paid):
    ada, payment, _secret = paid
    mallory = shopper()
    open_payment(mallory)
    other = Payment.objects.exclude(pk=payment.pk).get()
    till.forget_calls()
    url = reverse("htmx_checkout:return", args=[payment.order.token])
    ada.get(url, {"payment_intent": other.stripe_id})
    ada.get(url)
    assert till.calls() == []
    assert not Order.objects.filter(status="paid").exists()


def test_a_return_while_stripe_is_silent_leads_to_the_status_page_f48(till, paid):
    ada, payment, secret = paid
    till.trouble("reset_before", 4)
    response = ada.get(return_url(payment.order, payment, secret), follow=True)
    assert b"We are checking your payment" in response.content
    assert b"do not pay again" in response.content


def test_what_the_query_says_about_success_is_not_believed(till):
    ada = shopper()
    open_payment(ada)
    payment = Payment.objects.get()
    secret = till.intent(payment.stripe_id).client_secret
    url = return_url(payment.order, payment, secret) + "&redirect_status=succeeded"
    assert b"not paid yet" in ada.get(url, follow=True).content


def test_another_browser_is_let_in_even_while_the_first_one_polls_f72(paid):
    ada, payment, secret = paid
    ada.get(status_url(payment.order))
    elsewhere = Client()
    elsewhere.get(return_url(payment.order, payment, secret))
    assert elsewhere.get(status_url(payment.order)).status_code == 200


def test_reloading_the_return_url_does_not_storm_stripe(till):
    ada = shopper()
    open_payment(ada)
    payment = Payment.objects.select_related("order").get()
    secret = till.intent(payment.stripe_id).client_secret
    till.forget_calls()
    for _ in range(5):
        ada.get(return_url(payment.order, payment, secret))
        # As if all five came within one second, on a slow machine too.
        Payment.objects.update(looked_at=timezone.now())
    assert len(till.calls()) == 1


@pytest.mark.parametrize("name", ["status", "return", "poll"])
def test_a_nul_in_a_url_is_not_found(client, db, name):
    assert client.get(f"/checkout/{name}/%00/").status_code == 404
    query = {"payment_intent": "pi_\0", "payment_intent_client_secret": "\0"}
    assert client.get("/checkout/return/x/", query).status_code == 303
