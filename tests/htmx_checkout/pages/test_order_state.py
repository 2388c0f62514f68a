"""What the status page says of each state."""

from datetime import timedelta

import pytest
from django.utils import timezone

from htmx_checkout.models import (
    Order,
    Payment,
    Refund,
)
from htmx_checkout.payments import refund as refunding
from htmx_checkout.payments import sync
from tests.support.cast import (
    event,
    open_payment,
    post_event,
    shopper,
    status_url,
)


@pytest.mark.django_db(transaction=True)
def test_a_refund_that_came_back_is_not_shown_as_nothing_charged_i14(till, begun):
    ada, payment = begun
    Order.objects.update(status="cancelled")
    till.pay(payment.stripe_id, "pm_card_refundFail")
    sync.refresh_order(Order.objects.get())
    html = ada.get(status_url(payment.order)).content.decode()
    assert "goes back to you" in html
    till.later(10)
    sync.refresh_refunds(payment)
    html = ada.get(status_url(payment.order)).content.decode()
    assert "Nothing will be charged" not in html
    assert "checking" in html


def cancelled(till, orphan):
    """The merchant tidies up, or Stripe does."""
    gone = till.client.v1.payment_intents.cancel(orphan["id"]).to_dict()
    return post_event(event("payment_intent.canceled", gone, id="evt_canceled"))


@pytest.mark.django_db
def test_a_cancelled_order_that_money_came_for_is_not_told_as_free_i14(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    Order.objects.update(status="cancelled")
    sync.refresh_order(Order.objects.get())
    html = ada.get(status_url(Order.objects.get())).content.decode()
    assert "Nothing will be charged" not in html


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_was_set_back_freezes_no_order_as_unpaid_f82(till):
    ada = shopper()
    open_payment(ada)
    payment = Payment.objects.select_related("order").get()
    ahead = timezone.now() + timedelta(hours=1)
    Payment.objects.update(asked_at=ahead, looked_at=ahead)
    till.pay(payment.stripe_id)
    assert b"Nothing was charged" not in ada.get(status_url(payment.order)).content


@pytest.fixture
def cancelled_money(till):
    """Ada's order was given up here; her card is still in the form."""
    open_payment(shopper())
    Order.objects.update(status="cancelled")
    return Payment.objects.select_related("order").get()


def pay_beside_the_till(till, payment):
    """A hosted page, say, is paid for the same order; its event comes."""
    facts = {"order": payment.order.reference, "attempt": "9"}
    facts["installation"] = "fern-and-quill"
    asked = {"amount": 4200, "currency": "gbp", "metadata": facts}
    other = till.client.v1.payment_intents.create(asked)
    paid = till.pay(other.id).to_dict()
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    return other


def page(client):
    return client.get(status_url(Order.objects.get())).content.decode()


@pytest.mark.django_db(transaction=True)
def test_who_was_paid_back_reads_it(till, begun):
    ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    payment.refresh_from_db()
    refunding.refund(payment, 1000)
    assert 'data-status="paid"' in page(ada)
    assert "£10.00</span> of it back" in page(ada)
    refunding.refund(payment)
    assert 'data-status="refunded"' in page(ada)
    assert "£42.00" in page(ada)


@pytest.mark.django_db(transaction=True)
def test_who_paid_twice_and_got_it_back_once_reads_that_the_order_is_paid_f63(
    till, begun
):
    ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    pay_beside_the_till(till, payment)
    assert [refund.status for refund in Refund.objects.all()] == ["succeeded"]
    assert 'data-status="paid"' in page(ada)
    assert "of it back" not in page(ada)


@pytest.mark.django_db(transaction=True)
def test_who_paid_a_cancelled_order_reads_that_it_goes_back_f62(till, begun):
    ada, payment = begun
    Order.objects.update(status="cancelled")
    till.pay(payment.stripe_id)
    sync.refresh_order(Order.objects.get())
    assert "£42.00</span> that you paid goes back" in page(ada)


@pytest.mark.django_db(transaction=True)
def test_whose_money_is_held_reads_that_nothing_is_left_to_do(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CAPTURE_METHOD": "manual"}
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    sync.refresh_order(Order.objects.get())
    assert 'data-status="authorised"' in page(ada)
    assert "hx-trigger" not in page(ada)
