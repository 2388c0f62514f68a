"""Guards after paying: each test here is red as soon as its guard is removed."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from htmx_checkout import gateway, outbox, signals
from htmx_checkout.exceptions import StripeUnreachable
from htmx_checkout.models import Incident, Order, OutboxMessage, Payment, WebhookEvent
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import sync
from tests.cast import open_payment, shopper, status_url

pytestmark = pytest.mark.django_db


@contextmanager
def connected(*receivers):
    """Let ``receivers`` hear that an order is paid."""
    for receiver in receivers:
        signals.order_paid.connect(receiver)
    try:
        yield
    finally:
        for receiver in receivers:
            signals.order_paid.disconnect(receiver)


def staged(order):
    """Write down that ``order`` is paid, whatever it is, for the host to hear."""
    outbox.add(outbox.ORDER_PAID, order.reference, order.pk, order)


# --- Settlement --------------------------------------------------------------


def test_a_payment_that_was_read_before_the_lock_is_read_again(till, begun):
    """Who comes with an old row in hand must not write that row back."""
    _ada, old = begun
    early = gateway.retrieve(old.stripe_id)
    till.pay(old.stripe_id)
    sync.refresh_order(Order.objects.get())
    sync.keep_listed(old, early)
    payment = Payment.objects.get()
    assert (payment.status, payment.amount_received) == ("succeeded", 4200)


def test_an_answer_that_was_overtaken_by_a_newer_one_moves_nothing_back_i7(
    till, settings
):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    early = gateway.retrieve(payment.stripe_id)
    till.pay_by_debit(payment.stripe_id)
    sync.refresh_order(payment.order)
    assert sync.keep_listed(payment, early).status == "processing"
    assert Payment.objects.get().status == "processing"


def test_success_is_believed_although_another_machines_clock_runs_ahead(till, begun):
    _ada, payment = begun
    Payment.objects.update(asked_at=timezone.now() + timedelta(minutes=1))
    till.pay(payment.stripe_id)
    assert sync.refresh_order(payment.order).is_paid


def test_an_answer_about_another_intent_settles_nothing_f50(till, begun):
    _ada, payment = begun
    other = till.client.v1.payment_intents.create({"amount": 4200, "currency": "gbp"})
    till.pay(other.id)
    with pytest.raises(StripeUnreachable):
        sync.keep_listed(payment, gateway.retrieve(other.id))
    assert Payment.objects.get().stripe_id == payment.stripe_id
    assert Order.objects.get().is_open


def test_money_that_fits_nothing_lets_nobody_pay_again_f75(till, begun):
    ada, payment = begun
    till.pay(payment.stripe_id)
    Order.objects.update(amount=4300)
    sync.refresh_order(Order.objects.get())
    till.forget_calls()
    assert open_payment(ada)["HX-Redirect"] == status_url(payment.order)
    assert till.calls() == []


def test_a_paid_order_asks_nobody_however_often_it_is_looked_at(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.forget_calls()
    sync.look(Order.objects.get())
    assert till.calls() == []


def test_an_attempt_without_an_intent_asks_nobody(till):
    till.trouble("reset_before", 2)
    open_payment(shopper())
    till.forget_calls()
    sync.look(Order.objects.get())
    assert till.calls() == []


@pytest.mark.django_db(transaction=True)
def test_money_by_an_intent_that_was_given_up_is_told(till, begun, caplog):
    _ada, payment = begun
    Payment.objects.update(status="given_up")
    till.pay(payment.stripe_id)
    sync.refresh_intent(payment)
    sync.refresh_intent(payment)
    assert Incident.objects.get().kind == "given_up"
    assert Order.objects.get().is_open
    assert caplog.text.count("Money without an order") == 1


# --- Messages -----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_message_that_is_done_is_not_sent_again_i3(till, begun, heard):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    deliver.deliver(OutboxMessage.objects.get().pk)
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_staging_twice_sends_once_i3(till, begun, heard):
    _ada, payment = begun
    staged(payment.order)
    staged(payment.order)
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_what_one_receiver_wrote_is_kept_although_another_one_raises(till, begun):
    def write(**kwargs):
        WebhookEvent.objects.create(
            stripe_id="evt_of_the_host", type="x", livemode=False
        )

    def break_down(**kwargs):
        raise RuntimeError

    with connected(write, break_down):
        staged(begun[1].order)
    assert WebhookEvent.objects.count() == 1
    message = OutboxMessage.objects.get()
    assert message.done_at is None
    assert "RuntimeError" in message.error


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_breaks_the_transaction_breaks_only_its_own(till, begun):
    def write_twice(**kwargs):
        for _ in range(2):
            WebhookEvent.objects.create(stripe_id="evt_1", type="x", livemode=False)

    _ada, payment = begun
    till.pay(payment.stripe_id)
    with connected(write_twice):
        assert sync.refresh_order(payment.order).is_paid
    assert Order.objects.get().is_paid
    message = OutboxMessage.objects.get()
    assert message.done_at is None
    assert message.error


@pytest.mark.django_db(transaction=True)
def test_a_message_that_cannot_be_sent_does_not_look_like_a_payment_that_failed(
    till, begun, caplog
):
    """Its row is gone by then, say; the transaction before is committed."""
    _ada, payment = begun
    with transaction.atomic():
        staged(payment.order)
        OutboxMessage.objects.update(object_id=0)
    assert "DoesNotExist" in caplog.text
