"""Stripe is asked again from the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from htmx_checkout.models import (
    AuditEntry,
    Order,
    Payment,
)
from tests.support.cast import open_payment, shopper
from tests.support.staff import press, said

pytestmark = pytest.mark.django_db


def test_asking_again_finds_what_nobody_has_told(till, begun, olive):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    till.client.v1.refunds.create({"payment_intent": payment.stripe_id, "amount": 200})
    assert "is paid" in press(olive, payment.order, "ask")
    payment.refresh_from_db()
    assert payment.amount_refunded == 200
    assert AuditEntry.objects.get(what="order", after="paid").caused_by == "olive"


def test_asking_again_finds_an_intent_whose_answer_was_lost(till, olive):
    till.trouble("reset_after", 2)
    open_payment(shopper())
    payment = Payment.objects.get()
    assert payment.stripe_id is None
    press(olive, payment, "ask")
    payment.refresh_from_db()
    assert payment.stripe_id.startswith("pi_")


def test_asking_again_in_silence_says_so(till, begun, olive):
    till.trouble("reset_before", 2)
    assert "Stripe did not answer" in press(olive, begun[1].order, "ask")


def test_several_orders_are_asked_about_from_the_list(till, olive):
    for _person in range(2):
        open_payment(shopper())
    for payment in Payment.objects.all():
        till.pay(payment.stripe_id)
    page = reverse("admin:htmx_checkout_order_changelist")
    keys = [order.pk for order in Order.objects.all()]
    chosen = olive.post(page, {"action": "ask_again", "_selected_action": keys})
    shown = olive.get(chosen.url)
    assert all(order.reference in shown.text for order in Order.objects.all())
    done = olive.post(reverse("admin:htmx_checkout_order_ask_several"), {"order": keys})
    assert "asked about 2 orders" in said(olive.get(done.url))
    assert all(order.is_paid for order in Order.objects.all())
    assert LogEntry.objects.count() == 2


def test_asking_about_several_stops_when_stripe_is_silent(till, begun, olive):
    till.trouble("reset_before", 2)
    several = reverse("admin:htmx_checkout_order_ask_several")
    done = olive.post(several, {"order": [begun[1].order.pk]})
    assert "0 of 1 orders" in said(olive.get(done.url))
