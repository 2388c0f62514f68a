"""Stripe is asked when something may have changed, and not otherwise."""

import pytest
from django.utils import timezone

from htmx_checkout.models import Order, Payment
from htmx_checkout.payments import sync
from tests.support.cast import open_payment, shopper, status_url


@pytest.mark.django_db
def test_what_was_answered_a_moment_ago_is_not_asked_again(till, begun):
    ada, payment = begun
    Payment.objects.update(asked_at=timezone.now())
    till.forget_calls()
    assert b"not paid yet" in ada.get(status_url(payment.order)).content
    assert till.calls() == []


@pytest.mark.django_db
def test_who_looks_while_another_one_asks_does_not_know_and_does_not_ask(till, begun):
    ada, payment = begun
    till.pay(payment.stripe_id)
    Payment.objects.update(asked_at=None, looked_at=timezone.now())
    till.forget_calls()
    html = ada.get(status_url(payment.order)).content
    assert b"We are checking your payment" in html
    assert till.calls() == []


@pytest.mark.django_db
def test_a_paid_order_asks_nobody_however_often_it_is_looked_at(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.forget_calls()
    sync.look(Order.objects.get())
    assert till.calls() == []


@pytest.mark.django_db
def test_an_attempt_without_an_intent_asks_nobody(till):
    till.trouble("reset_before", 2)
    open_payment(shopper())
    till.forget_calls()
    sync.look(Order.objects.get())
    assert till.calls() == []


@pytest.mark.django_db(transaction=True)
def test_an_order_without_an_intent_asks_nobody(till):
    order = Order.objects.create(
        amount=100, currency="gbp", shopper="x", fingerprint="x"
    )
    sync.refresh_order(order)
    assert till.calls() == []
