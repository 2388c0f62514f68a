"""An order is cancelled: Stripe is asked first."""

import pytest

from htmx_checkout import audit
from htmx_checkout.models import (
    AuditEntry,
    Incident,
    Order,
    Payment,
)
from htmx_checkout.payments import cancel, settle, sync
from tests.support.cast import (
    event,
    open_payment,
    post_event,
    shopper,
    status_url,
)
from tests.support.locks import holding


def lock():
    Order.locked().get()


@pytest.mark.django_db(transaction=True)
def test_giving_up_an_attempt_that_is_cancelled_waits_for_the_orders_lock(unasked):
    with holding(lock) as (done, hold):
        hold()
        assert cancel.cancel(unasked).is_cancelled
        done.append("cancelled")
    assert done == ["creating", "released", "cancelled"]


@pytest.mark.django_db(transaction=True)
def test_two_who_cancel_at_once_cancel_once_i18(unasked):
    """The other one has written it and is not done yet."""
    Payment.objects.update(status="given_up")

    def cancel_elsewhere():
        order = Order.locked().get()
        order.move("cancelled")
        order.save()
        audit.write([audit.order_moved(order, "open")])

    with holding(cancel_elsewhere) as (_done, hold):
        hold()
        assert cancel.cancel(unasked).is_cancelled
    assert AuditEntry.objects.filter(what="order", after="cancelled").count() == 1


def given_up(till):
    """Attempt 1 exists although it was given up; the browser holds attempt 2."""
    ada = shopper()
    open_payment(ada)
    first = Payment.objects.get()
    settle.give_up(first)
    open_payment(ada)
    orphan = till.client.v1.payment_intents.list().data[-1].to_dict()
    post_event(event("payment_intent.created", orphan, id="evt_created"))
    return ada, orphan, Payment.objects.exclude(stripe_id=orphan["id"]).get()


def cancelled(till, orphan):
    """The merchant tidies up, or Stripe does."""
    gone = till.client.v1.payment_intents.cancel(orphan["id"]).to_dict()
    return post_event(event("payment_intent.canceled", gone, id="evt_canceled"))


@pytest.mark.django_db
def test_cancelling_an_intent_that_was_given_up_does_not_cancel_the_order_i7(till):
    _ada, orphan, second = given_up(till)
    cancelled(till, orphan)
    paid = till.pay(second.stripe_id).to_dict()
    post_event(event("payment_intent.succeeded", paid, id="evt_paid"))
    assert Order.objects.get().is_paid
    assert not Incident.objects.exists()


@pytest.mark.django_db
def test_nor_while_a_bank_takes_its_time_over_the_other_intent_i7(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    _ada, orphan, second = given_up(till)
    till.pay_by_debit(second.stripe_id)
    sync.refresh_order(Order.objects.get())
    cancelled(till, orphan)
    till.later(10)
    assert sync.refresh_order(Order.objects.get()).is_paid


@pytest.fixture
def cancelled_money(till):
    """Ada's order was given up here; her card is still in the form."""
    open_payment(shopper())
    Order.objects.update(status="cancelled")
    return Payment.objects.select_related("order").get()


@pytest.mark.django_db(transaction=True)
def test_cancelling_asks_stripe_first_f62(till, begun):
    _ada, payment = begun
    assert cancel.cancel(payment.order).is_cancelled
    assert till.intent(payment.stripe_id).status == "canceled"
    assert Payment.objects.get().status == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_who_paid_in_the_last_moment_has_paid_f62(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    assert cancel.cancel(payment.order).is_paid
    assert not Incident.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_silent_stripe_cancels_nothing_i14(till, begun):
    _ada, payment = begun
    till.trouble("reset_before", 2)
    with pytest.raises(Exception, match="APIConnectionError"):
        cancel.cancel(payment.order)
    assert Order.objects.get().is_open


@pytest.mark.django_db(transaction=True)
def test_an_attempt_without_an_answer_is_looked_up_before_it_is_cancelled_f4(till):
    till.trouble("reset_after", 2)
    open_payment(shopper())
    assert cancel.cancel(Order.objects.get()).is_cancelled
    (intent,) = till.client.v1.payment_intents.list().data
    assert intent.status == "canceled"


@pytest.mark.django_db(transaction=True)
def test_after_a_cancellation_the_checkout_makes_another_order(till, begun):
    ada, payment = begun
    cancel.cancel(payment.order)
    assert open_payment(ada).status_code == 200
    assert Order.objects.count() == 2
    assert b"cancelled" in ada.get(status_url(payment.order)).content


@pytest.mark.django_db(transaction=True)
def test_an_order_whose_payment_has_begun_meanwhile_is_not_cancelled_here_alone(begun):
    """Its intent could still be paid."""
    assert settle.cancel_unpaid(begun[1].order_id).is_open
