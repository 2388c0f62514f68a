"""Settlement: the truth, compared, under one lock, forward only."""

import pytest
from django.db import transaction

from htmx_checkout import gateway, signals
from htmx_checkout.models import Incident, Order, OutboxMessage, Payment
from htmx_checkout.payments import start, sync
from tests.cast import DECLINES, draft, open_payment, shopper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def begun(till):
    open_payment(shopper())
    return Payment.objects.select_related("order").get()


def test_money_that_arrived_pays_its_order_and_the_host_hears_once(till, begun, heard):
    till.pay(begun.stripe_id)
    for _ in range(3):
        sync.refresh_order(Order.objects.get())
    order = Order.objects.get()
    assert order.is_paid
    assert heard == [order.reference]
    assert OutboxMessage.objects.get().done_at is not None


def test_a_decline_keeps_the_order_open_with_its_reason(till, begun):
    till.pay(begun.stripe_id, DECLINES)
    sync.refresh_order(begun.order)
    payment = Payment.objects.get()
    assert payment.last_error == "insufficient_funds"
    assert payment.order.is_open


def test_an_answer_that_was_fetched_early_and_arrives_late_is_lost_i7(till, begun):
    early = gateway.retrieve(begun.stripe_id)
    till.pay(begun.stripe_id)
    sync.refresh_order(begun.order)
    sync.keep_listed(begun, early)
    assert Order.objects.get().is_paid
    assert Payment.objects.get().status == "succeeded"


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 4199}, {"amount": 4201}, {"currency": "usd"}, {"livemode": True}],
)
def test_money_that_does_not_match_pays_nothing_and_is_told_f75(
    till, begun, heard, caplog, wrong
):
    Order.objects.update(**wrong)
    till.pay(begun.stripe_id)
    sync.refresh_order(Order.objects.get())
    sync.refresh_order(Order.objects.get())
    assert not Order.objects.get().is_paid
    assert Incident.objects.get().kind == "mismatch"
    assert heard == []
    assert caplog.text.count("Money without an order") == 1


def test_money_for_a_cancelled_order_is_an_incident_f62(till, begun, heard):
    Order.objects.update(status="cancelled")
    till.pay(begun.stripe_id)
    sync.refresh_order(Order.objects.get())
    assert Order.objects.get().status == "cancelled"
    assert Incident.objects.get().kind == "late"
    assert heard == []


def test_a_bank_that_says_no_after_days_gives_the_order_back(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    open_payment(shopper())
    order = Order.objects.get()
    till.pay_by_debit(Payment.objects.get().stripe_id, iban="AT861904300235473202")
    assert sync.refresh_order(order).status == "processing"
    till.later(10)
    assert sync.refresh_order(Order.objects.get()).is_open
    assert Payment.objects.get().last_error


def test_money_held_for_capture_is_on_its_way_and_not_paid(till, begun):
    till.client.v1.payment_intents.update(begun.stripe_id, {"capture_method": "manual"})
    till.pay(begun.stripe_id)
    assert sync.refresh_order(begun.order).status == "processing"
    till.client.v1.payment_intents.capture(begun.stripe_id)
    assert sync.refresh_order(Order.objects.get()).is_paid


def test_capturing_less_than_was_ordered_is_no_paid_order_f77(till, begun):
    till.client.v1.payment_intents.update(begun.stripe_id, {"capture_method": "manual"})
    till.pay(begun.stripe_id)
    till.client.v1.payment_intents.capture(begun.stripe_id, {"amount_to_capture": 100})
    sync.refresh_order(begun.order)
    assert not Order.objects.get().is_paid
    assert Incident.objects.get().kind == "mismatch"


def test_an_order_without_an_intent_asks_nobody(till):
    order = Order.objects.create(
        amount=100, currency="gbp", shopper="x", fingerprint="x"
    )
    sync.refresh_order(order)
    assert till.calls() == []


# --- What follows ------------------------------------------------------------


def test_a_receiver_that_raises_undoes_nothing_and_is_noted(till, begun, caplog):
    def break_down(**kwargs):
        raise RuntimeError("no paper")

    signals.order_paid.connect(break_down)
    try:
        till.pay(begun.stripe_id)
        sync.refresh_order(begun.order)
    finally:
        signals.order_paid.disconnect(break_down)
    assert Order.objects.get().is_paid
    message = OutboxMessage.objects.get()
    assert message.done_at is None
    assert message.error.endswith("break_down: RuntimeError")
    assert "order_paid failed" in caplog.text


def test_the_host_hears_nothing_of_what_was_rolled_back_f12(till, begun, heard):
    till.pay(begun.stripe_id)
    intent = gateway.retrieve(begun.stripe_id)
    with transaction.atomic():
        sync.keep_listed(begun, intent)
        transaction.set_rollback(True)
    assert heard == []
    assert Order.objects.get().is_open
    assert not OutboxMessage.objects.exists()


# --- Where Stripe may be called ----------------------------------------------


def test_stripe_is_never_called_inside_a_transaction_i12(till, begun):
    with transaction.atomic(), pytest.raises(RuntimeError, match="I12"):
        gateway.retrieve(begun.stripe_id)


def test_the_till_refuses_to_run_inside_a_transaction_i12(till):
    with transaction.atomic(), pytest.raises(RuntimeError, match="I12"):
        start.begin("ada", draft())


def test_a_key_is_in_the_database_before_stripe_is_called_f2(till):
    till.trouble("reset_before", 2)
    open_payment(shopper())
    payment = Payment.objects.get()
    assert payment.status == "creating"
    assert payment.idempotency_key == till.calls()[-1]["idempotency_key"]
