"""Succeeded money pays its order, goes back, or opens an incident."""

import logging

import pytest
from django.db import transaction

from htmx_checkout import gateway
from htmx_checkout.models import (
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
)
from htmx_checkout.payments import allocate, sync
from tests.support.cast import (
    event,
    fill,
    open_payment,
    post_event,
    shopper,
)
from tests.support.locks import holding
from tests.support.refunds import at_stripe


@pytest.mark.django_db(transaction=True)
def test_a_stray_that_two_find_at_once_is_taken_once(till, paid):
    """The other one has made its row and is not done yet."""
    names = {"order": paid.order.reference, "attempt": "7"}
    notes = names | {"installation": "fern-and-quill"}
    made = till.client.v1.payment_intents.create(
        {"amount": 4200, "currency": "gbp", "metadata": notes}
    )
    till.pay(made.id)
    intent = gateway.retrieve(made.id)

    def take():
        with transaction.atomic():
            allocate.allocate_stray(intent)

    with holding(take) as (_done, hold):
        hold()
        take()
    assert Payment.objects.filter(stripe_id=made.id).count() == 1
    assert Incident.objects.filter(kind="second").count() == 1


@pytest.mark.django_db
def test_an_intent_that_was_paid_in_another_tab_opens_no_incident(till, caplog):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    fill(ada, 5600)
    assert "HX-Redirect" in open_payment(ada).headers
    assert "payment_intent_unexpected_state" in caplog.text
    assert not [entry for entry in caplog.records if entry.levelno >= logging.ERROR]


@pytest.mark.django_db
def test_money_that_names_us_and_has_no_row_here_opens_an_incident_f84(till):
    held = {
        "amount": 4200,
        "currency": "gbp",
        "metadata": {
            "order": "FQ-00000-00000",
            "attempt": "1",
            "installation": "fern-and-quill",
        },
    }
    intent = till.client.v1.payment_intents.create(held)
    paid = till.pay(intent.id).to_dict()
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    told = Incident.objects.get(closed_at=None)
    assert (told.kind, told.subject) == ("stray", intent.id)
    assert (told.amount, told.currency) == (4200, "gbp")


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


@pytest.fixture
def cancelled(till):
    """Ada's order was given up here; her card is still in the form."""
    open_payment(shopper())
    Order.objects.update(status="cancelled")
    return Payment.objects.select_related("order").get()


@pytest.mark.django_db(transaction=True)
def test_late_money_goes_back_at_once_and_somebody_is_told_f62(till, cancelled):
    till.pay(cancelled.stripe_id)
    sync.refresh_order(cancelled.order)
    assert Order.objects.get().is_cancelled
    assert at_stripe(till, cancelled) == [4200]
    told = Incident.objects.get()
    assert (told.kind, told.resolution) == ("late", "paid back")
    assert OutboxMessage.objects.get(name="incident_opened").done_at


@pytest.mark.django_db(transaction=True)
def test_late_money_stays_an_open_question_until_it_is_back_f62(till, cancelled):
    till.trouble("reset_before", 9, path="/v1/refunds")
    till.pay(cancelled.stripe_id)
    sync.refresh_intent(cancelled)
    assert Incident.objects.get().closed_at is None
    assert Refund.objects.get().status == "creating"


@pytest.mark.django_db(transaction=True)
def test_late_money_is_honoured_where_the_host_says_so_and_told_f62(
    till, cancelled, settings, heard
):
    settings.CHECKOUT = settings.CHECKOUT | {"LATE_MONEY": "honour"}
    till.pay(cancelled.stripe_id)
    sync.refresh_order(cancelled.order)
    assert Order.objects.get().is_paid
    assert heard == [cancelled.order.reference]
    assert at_stripe(till, cancelled) == []
    assert Incident.objects.get().resolution.startswith("honoured")


def pay_beside_the_till(till, payment):
    """A hosted page, say, is paid for the same order; its event comes."""
    facts = {"order": payment.order.reference, "attempt": "9"}
    facts["installation"] = "fern-and-quill"
    asked = {"amount": 4200, "currency": "gbp", "metadata": facts}
    other = till.client.v1.payment_intents.create(asked)
    paid = till.pay(other.id).to_dict()
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    return other


@pytest.mark.django_db(transaction=True)
def test_a_second_payment_of_a_paid_order_goes_back_f63(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    other = pay_beside_the_till(till, payment)
    second = Payment.objects.get(stripe_id=other.id)
    assert at_stripe(till, second) == [4200]
    assert at_stripe(till, payment) == []
    assert Incident.objects.get().kind == "second"


@pytest.mark.django_db(transaction=True)
def test_money_of_the_wrong_amount_waits_for_a_person_f75(till, begun):
    _ada, payment = begun
    till.client.v1.payment_intents.update(payment.stripe_id, {"amount": 4300})
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    assert at_stripe(till, payment) == []
    told = Incident.objects.get(closed_at=None)
    assert (told.kind, told.amount) == ("mismatch", 4300)


@pytest.mark.django_db(transaction=True)
def test_after_a_mismatch_is_paid_back_the_shopper_may_pay_again_f75(till, begun):
    ada, payment = begun
    till.client.v1.payment_intents.update(payment.stripe_id, {"amount": 4300})
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.client.v1.refunds.create({"payment_intent": payment.stripe_id})
    charge = till.client.v1.charges.list().data[0].to_dict()
    post_event(event("charge.refunded", charge))
    assert Incident.objects.get().resolution == "paid back"
    assert open_payment(ada).status_code == 200
    assert Order.objects.filter(status="open").count() == 1
