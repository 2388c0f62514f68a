"""Guards of money that came another way than was thought."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from htmx_checkout.models import Incident, Order, Payment
from htmx_checkout.payments import settle, sync
from tests.cast import (
    ask_json,
    draft,
    event,
    fill,
    knock,
    open_payment,
    shopper,
    status_url,
)

pytestmark = pytest.mark.django_db


def given_up(till):
    """Attempt 1 exists although it was given up; the browser holds attempt 2."""
    ada = shopper()
    open_payment(ada)
    first = Payment.objects.get()
    settle.give_up(first)
    open_payment(ada)
    orphan = till.client.v1.payment_intents.list().data[-1].to_dict()
    knock(event("payment_intent.created", orphan, id="evt_created"))
    return ada, orphan, Payment.objects.exclude(stripe_id=orphan["id"]).get()


def cancelled(till, orphan):
    """The merchant tidies up, or Stripe does."""
    gone = till.client.v1.payment_intents.cancel(orphan["id"]).to_dict()
    return knock(event("payment_intent.canceled", gone, id="evt_canceled"))


def test_cancelling_an_intent_that_was_given_up_does_not_cancel_the_order_i7(till):
    _ada, orphan, second = given_up(till)
    cancelled(till, orphan)
    paid = till.pay(second.stripe_id).to_dict()
    knock(event("payment_intent.succeeded", paid, id="evt_paid"))
    assert Order.objects.get().is_paid
    assert not Incident.objects.exists()


def test_nor_while_a_bank_takes_its_time_over_the_other_intent_i7(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    _ada, orphan, second = given_up(till)
    till.pay_by_debit(second.stripe_id)
    sync.refresh_order(Order.objects.get())
    cancelled(till, orphan)
    till.later(10)
    assert sync.refresh_order(Order.objects.get()).is_paid


def test_a_cancelled_order_that_money_came_for_is_not_told_as_free_i14(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    Order.objects.update(status="cancelled")
    sync.refresh_order(Order.objects.get())
    html = ada.get(status_url(Order.objects.get())).content.decode()
    assert "Nothing will be charged" not in html


def test_a_key_that_stripe_refuses_is_an_error_in_the_log_f47(till, settings, caplog):
    settings.CHECKOUT = settings.CHECKOUT | {"SECRET_KEY": "sk_test_wrong"}
    open_payment(shopper())
    assert logging.ERROR in {record.levelno for record in caplog.records}


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_was_set_back_freezes_no_order_as_unpaid_f82(till):
    ada = shopper()
    open_payment(ada)
    payment = Payment.objects.select_related("order").get()
    ahead = timezone.now() + timedelta(hours=1)
    Payment.objects.update(asked_at=ahead, looked_at=ahead)
    till.pay(payment.stripe_id)
    assert b"Nothing was charged" not in ada.get(status_url(payment.order)).content


def test_an_email_that_stripe_refuses_is_asked_for_again_i17(till, settings):
    source = lambda request: draft(email="ada lovelace@example.com")  # noqa: E731
    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": source}
    answer = ask_json(shopper())
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "email_invalid"


def test_an_intent_that_was_paid_in_another_tab_opens_no_incident(till, caplog):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    fill(ada, 5600)
    assert "HX-Redirect" in open_payment(ada).headers
    assert "payment_intent_unexpected_state" in caplog.text
    assert not [entry for entry in caplog.records if entry.levelno >= logging.ERROR]


def test_nobody_may_pay_while_money_past_the_till_waits_for_a_person_f63(till):
    ada = shopper()
    open_payment(ada)
    order = Order.objects.get()
    intent = till.client.v1.payment_intents.create(
        {
            "amount": 4200,
            "currency": "gbp",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "return_url": "https://shop.example/",
            "metadata": {"order": order.reference, "installation": "fern-and-quill"},
        }
    )
    knock(event("payment_intent.succeeded", intent.to_dict()))
    assert open_payment(ada).headers.get("HX-Redirect") == status_url(order)
    assert b'data-status="unknown"' in ada.get(status_url(order)).content
