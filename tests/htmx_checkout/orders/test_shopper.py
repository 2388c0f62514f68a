"""Whose order it is."""

import pytest
from django.test import Client

from htmx_checkout.models import Order, Payment
from htmx_checkout.orders.shopper import PROVEN
from tests.support.cast import ADA, draft, open_payment, return_url, shopper, status_url

pytestmark = pytest.mark.django_db


COOKIES = "django.contrib.sessions.backends.signed_cookies"


def test_two_shoppers_whose_sessions_are_cookies_are_two_i9(till, settings):
    """Two new sessions have no key, and two equal ones have the same."""
    settings.SESSION_ENGINE = COOKIES
    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": lambda request: draft()}
    ada, mallory = Client(), Client()
    open_payment(ada)
    order = Order.objects.get()
    assert ADA not in mallory.get("/checkout/").content.decode()
    open_payment(mallory, email="mallory@example.com")
    assert Order.objects.count() == 2
    assert mallory.get(status_url(order)).status_code == 404
    assert ada.get(status_url(order)).status_code == 200


def test_two_equal_cookies_of_one_second_are_two_shoppers_i9(till, settings):
    settings.SESSION_ENGINE = COOKIES
    held = settings.CHECKOUT | {"ORDER_SOURCE": lambda request: draft()}
    settings.CHECKOUT = held
    ada, mallory = Client(), Client()
    session = ada.session
    session["order_currency"] = "gbp"
    session.save()
    ada.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    mallory.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    open_payment(ada)
    open_payment(mallory)
    assert Order.objects.count() == 2


def test_a_session_remembers_the_last_twenty_orders_that_it_has_proven(till):
    elsewhere = Client()
    for _ in range(21):
        open_payment(shopper())
        payment = Payment.objects.select_related("order").latest("pk")
        secret = till.intent(payment.stripe_id).client_secret
        elsewhere.get(return_url(payment.order, payment, secret))
    assert len(elsewhere.session[PROVEN]) == 20
    assert elsewhere.get(status_url(payment.order)).status_code == 200
