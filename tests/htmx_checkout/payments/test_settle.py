"""Settlement: the truth, compared, under one lock, forward only."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from htmx_checkout import gateway, signals
from htmx_checkout.exceptions import StripeUnreachable
from htmx_checkout.models import (
    Incident,
    Order,
    OutboxMessage,
    Payment,
)
from htmx_checkout.payments import start, sync
from tests.support.cast import (
    DECLINES,
    draft,
    open_payment,
    shopper,
    status_url,
)
from tests.support.locks import holding, lock_order


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_told_once_however_often_it_is_read_i3(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id, DECLINES)
    for _ in range(3):
        sync.refresh_order(Order.objects.get())
    assert OutboxMessage.objects.get().name == "payment_failed"
    till.pay(payment.stripe_id, DECLINES)
    sync.refresh_order(Order.objects.get())
    assert OutboxMessage.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_settling_waits_for_the_orders_lock(till, begun):
    _ada, payment = begun
    intent = gateway.retrieve(payment.stripe_id)
    with holding(lock_order) as (done, hold):
        hold()
        sync.keep_listed(payment, intent)
        done.append("settled")
    assert done == ["open", "released", "settled"]


@pytest.mark.django_db
def test_a_payment_that_was_read_before_the_lock_is_read_again(till, begun):
    """Who comes with an old row in hand must not write that row back."""
    _ada, old = begun
    early = gateway.retrieve(old.stripe_id)
    till.pay(old.stripe_id)
    sync.refresh_order(Order.objects.get())
    sync.keep_listed(old, early)
    payment = Payment.objects.get()
    assert (payment.status, payment.amount_received) == ("succeeded", 4200)


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_success_is_believed_although_another_machines_clock_runs_ahead(till, begun):
    _ada, payment = begun
    Payment.objects.update(asked_at=timezone.now() + timedelta(minutes=1))
    till.pay(payment.stripe_id)
    assert sync.refresh_order(payment.order).is_paid


@pytest.mark.django_db
def test_an_answer_about_another_intent_settles_nothing_f50(till, begun):
    _ada, payment = begun
    other = till.client.v1.payment_intents.create({"amount": 4200, "currency": "gbp"})
    till.pay(other.id)
    with pytest.raises(StripeUnreachable):
        sync.keep_listed(payment, gateway.retrieve(other.id))
    assert Payment.objects.get().stripe_id == payment.stripe_id
    assert Order.objects.get().is_open


@pytest.mark.django_db
def test_money_that_fits_nothing_lets_nobody_pay_again_f75(till, begun):
    ada, payment = begun
    till.pay(payment.stripe_id)
    Order.objects.update(amount=4300)
    sync.refresh_order(Order.objects.get())
    till.forget_calls()
    assert open_payment(ada)["HX-Redirect"] == status_url(payment.order)
    assert till.calls() == []


@pytest.fixture
def opened(till):
    open_payment(shopper())
    return Payment.objects.select_related("order").get()


@pytest.mark.django_db(transaction=True)
def test_money_that_arrived_pays_its_order_and_the_host_hears_once(till, opened, heard):
    till.pay(opened.stripe_id)
    for _ in range(3):
        sync.refresh_order(Order.objects.get())
    order = Order.objects.get()
    assert order.is_paid
    assert heard == [order.reference]
    assert OutboxMessage.objects.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_decline_keeps_the_order_open_with_its_reason(till, opened):
    till.pay(opened.stripe_id, DECLINES)
    sync.refresh_order(opened.order)
    payment = Payment.objects.get()
    assert payment.last_error == "insufficient_funds"
    assert payment.order.is_open


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_was_fetched_early_and_arrives_late_is_lost_i7(till, opened):
    early = gateway.retrieve(opened.stripe_id)
    till.pay(opened.stripe_id)
    sync.refresh_order(opened.order)
    sync.keep_listed(opened, early)
    assert Order.objects.get().is_paid
    assert Payment.objects.get().status == "succeeded"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "wrong",
    [{"amount": 4199}, {"amount": 4201}, {"currency": "usd"}, {"livemode": True}],
)
def test_money_that_does_not_match_pays_nothing_and_is_told_f75(
    till, opened, heard, caplog, wrong
):
    Order.objects.update(**wrong)
    till.pay(opened.stripe_id)
    sync.refresh_order(Order.objects.get())
    sync.refresh_order(Order.objects.get())
    assert not Order.objects.get().is_paid
    assert Incident.objects.get().kind == "mismatch"
    assert heard == []
    assert caplog.text.count("Money without an order") == 1


@pytest.mark.django_db(transaction=True)
def test_money_for_a_cancelled_order_is_an_incident_f62(till, opened, heard):
    Order.objects.update(status="cancelled")
    till.pay(opened.stripe_id)
    sync.refresh_order(Order.objects.get())
    assert Order.objects.get().status == "cancelled"
    assert Incident.objects.get().kind == "late"
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_bank_that_says_no_after_days_gives_the_order_back(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    open_payment(shopper())
    order = Order.objects.get()
    till.pay_by_debit(Payment.objects.get().stripe_id, iban="AT861904300235473202")
    assert sync.refresh_order(order).status == "processing"
    till.later(10)
    assert sync.refresh_order(Order.objects.get()).is_open
    assert Payment.objects.get().last_error


@pytest.mark.django_db(transaction=True)
def test_money_held_for_capture_is_on_its_way_and_not_paid(till, opened):
    till.client.v1.payment_intents.update(
        opened.stripe_id, {"capture_method": "manual"}
    )
    till.pay(opened.stripe_id)
    assert sync.refresh_order(opened.order).status == "processing"
    till.client.v1.payment_intents.capture(opened.stripe_id)
    assert sync.refresh_order(Order.objects.get()).is_paid


@pytest.mark.django_db(transaction=True)
def test_capturing_less_than_was_ordered_is_no_paid_order_f77(till, opened):
    till.client.v1.payment_intents.update(
        opened.stripe_id, {"capture_method": "manual"}
    )
    till.pay(opened.stripe_id)
    till.client.v1.payment_intents.capture(opened.stripe_id, {"amount_to_capture": 100})
    sync.refresh_order(opened.order)
    assert not Order.objects.get().is_paid
    assert Incident.objects.get().kind == "mismatch"


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_raises_undoes_nothing_and_is_noted(till, opened, caplog):
    def break_down(**kwargs):
        raise RuntimeError("no paper")

    signals.order_paid.connect(break_down)
    try:
        till.pay(opened.stripe_id)
        sync.refresh_order(opened.order)
    finally:
        signals.order_paid.disconnect(break_down)
    assert Order.objects.get().is_paid
    message = OutboxMessage.objects.get()
    assert message.done_at is None
    assert message.error.endswith("break_down: RuntimeError")
    assert "order_paid failed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_host_hears_nothing_of_what_was_rolled_back_f12(till, opened, heard):
    till.pay(opened.stripe_id)
    intent = gateway.retrieve(opened.stripe_id)
    with transaction.atomic():
        sync.keep_listed(opened, intent)
        transaction.set_rollback(True)
    assert heard == []
    assert Order.objects.get().is_open
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_checkout_refuses_to_run_inside_a_transaction_i12(till):
    with transaction.atomic(), pytest.raises(RuntimeError, match="I12"):
        start.begin("ada", draft())
