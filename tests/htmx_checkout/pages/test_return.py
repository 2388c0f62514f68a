"""The return from Stripe."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from htmx_checkout.models import Order, Payment
from tests.support.cast import open_payment, return_url, shopper, status_url

pytestmark = pytest.mark.django_db


LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"


def test_a_host_that_demands_a_login_does_not_send_the_client_secret_there_s2(
    till, settings
):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, LOGIN]
    back = reverse("htmx_checkout:return", args=["token"])
    query = {"payment_intent": "pi_1", "payment_intent_client_secret": "pi_1_secret_2"}
    assert "secret" not in Client().get(back, query)["Location"]


@pytest.mark.parametrize("name", ["payment_intent", "payment_intent_client_secret"])
def test_a_nul_in_the_query_is_no_500_on_postgresql(till, name):
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    back = reverse("htmx_checkout:return", args=[payment.order.token])
    query = {"payment_intent": payment.stripe_id} | {name: "pi_\0"}
    assert Client().get(back, query).status_code == 303


def test_a_stranger_finds_nothing_while_stripe_is_silent_s1(till, begun):
    _ada, payment = begun
    till.trouble("reset_before", 4)
    url = return_url(payment.order, payment, "pi_1_secret_2")
    mallory = Client().get(url, follow=True)
    till.reset_faults()
    assert mallory.status_code == 404


def test_after_a_silent_return_nothing_that_was_known_before_is_shown_i14(till, begun):
    """The look of a second ago was before the bank, and worth nothing now."""
    ada, payment = begun
    secret = till.pay(payment.stripe_id).client_secret
    # Asked in this very moment, however slow the machine is that runs this.
    Payment.objects.update(asked_at=timezone.now())
    till.trouble("reset_before", 50)
    html = ada.get(return_url(payment.order, payment, secret), follow=True).content
    assert b"We are checking your payment" in html
    till.reset_faults()
    Payment.objects.update(looked_at=None)
    assert b"Paid" in ada.get(status_url(payment.order)).content


def test_who_proves_himself_does_not_wait_for_the_look_of_another_f72(till, begun):
    _ada, payment = begun
    secret = till.intent(payment.stripe_id).client_secret
    Payment.objects.update(looked_at=timezone.now())
    url = return_url(payment.order, payment, secret)
    assert Client().get(url, follow=True).status_code == 200


def test_mallory_makes_nothing_unknown_that_is_known_s1(till, begun):
    _ada, payment = begun
    Client().get(return_url(payment.order, payment, "pi_1_secret_2"))
    assert Payment.objects.get().asked_at == payment.asked_at


def test_who_was_let_in_by_the_secret_sees_and_empties_no_bag_of_another(till, begun):
    """Somebody else's bag may hold the same things; it is not what was paid."""
    ada, payment = begun
    secret = till.pay(payment.stripe_id).client_secret
    elsewhere = shopper()
    url = return_url(payment.order, payment, secret)
    assert b"Paid" in elsewhere.get(url, follow=True).content
    assert elsewhere.session["order_total"] == 4200
    ada.get(status_url(payment.order))
    assert "order_total" not in ada.session


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
