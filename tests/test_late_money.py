"""Money that nobody expects any more: it pays, goes back, or somebody is told."""

import pytest

from htmx_checkout import gateway
from htmx_checkout.exceptions import CaptureRefused
from htmx_checkout.models import (
    Dispute,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
)
from htmx_checkout.payments import cancel, capture, settle, sync
from htmx_checkout.payments import refund as refunding
from tests.cast import event, knock, open_payment, shopper, status_url
from tests.test_refunds import act, at_stripe

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cancelled(till):
    """Ada's order was given up here; her card is still in the form."""
    open_payment(shopper())
    Order.objects.update(status="cancelled")
    return Payment.objects.select_related("order").get()


# --- An order that was cancelled ----------------------------------------------


def test_late_money_goes_back_at_once_and_somebody_is_told_f62(till, cancelled):
    till.pay(cancelled.stripe_id)
    sync.refresh_order(cancelled.order)
    assert Order.objects.get().is_cancelled
    assert at_stripe(till, cancelled) == [4200]
    told = Incident.objects.get()
    assert (told.kind, told.resolution) == ("late", "paid back")
    assert OutboxMessage.objects.get(name="incident_opened").done_at


def test_late_money_stays_an_open_question_until_it_is_back_f62(till, cancelled):
    till.trouble("reset_before", 9, path="/v1/refunds")
    till.pay(cancelled.stripe_id)
    sync.refresh_intent(cancelled)
    assert Incident.objects.get().closed_at is None
    assert Refund.objects.get().status == "creating"


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


# --- Cancelling ----------------------------------------------------------------


def test_cancelling_asks_stripe_first_f62(till, begun):
    _ada, payment = begun
    assert cancel.cancel(payment.order).is_cancelled
    assert till.intent(payment.stripe_id).status == "canceled"
    assert Payment.objects.get().status == "cancelled"


def test_who_paid_in_the_last_moment_has_paid_f62(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    assert cancel.cancel(payment.order).is_paid
    assert not Incident.objects.exists()


def test_a_silent_stripe_cancels_nothing_i14(till, begun):
    _ada, payment = begun
    till.trouble("reset_before", 2)
    with pytest.raises(Exception, match="APIConnectionError"):
        cancel.cancel(payment.order)
    assert Order.objects.get().is_open


def test_an_attempt_without_an_answer_is_looked_up_before_it_is_cancelled_f4(till):
    till.trouble("reset_after", 2)
    open_payment(shopper())
    assert cancel.cancel(Order.objects.get()).is_cancelled
    (intent,) = till.client.v1.payment_intents.list().data
    assert intent.status == "canceled"


def test_after_a_cancellation_the_till_makes_another_order(till, begun):
    ada, payment = begun
    cancel.cancel(payment.order)
    assert open_payment(ada).status_code == 200
    assert Order.objects.count() == 2
    assert b"cancelled" in ada.get(status_url(payment.order)).content


# --- Twice ---------------------------------------------------------------------


def pay_beside_the_till(till, payment):
    """A hosted page, say, is paid for the same order; its event comes."""
    facts = {"order": payment.order.reference, "attempt": "9"}
    facts["installation"] = "fern-and-quill"
    asked = {"amount": 4200, "currency": "gbp", "metadata": facts}
    other = till.client.v1.payment_intents.create(asked)
    paid = till.pay(other.id).to_dict()
    assert knock(event("payment_intent.succeeded", paid)).status_code == 200
    return other


def test_a_second_payment_of_a_paid_order_goes_back_f63(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    other = pay_beside_the_till(till, payment)
    second = Payment.objects.get(stripe_id=other.id)
    assert at_stripe(till, second) == [4200]
    assert at_stripe(till, payment) == []
    assert Incident.objects.get().kind == "second"


def test_money_of_the_wrong_amount_waits_for_a_person_f75(till, begun):
    _ada, payment = begun
    till.client.v1.payment_intents.update(payment.stripe_id, {"amount": 4300})
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    assert at_stripe(till, payment) == []
    told = Incident.objects.get(closed_at=None)
    assert (told.kind, told.amount) == ("mismatch", 4300)


def test_a_mismatch_that_is_paid_back_gives_the_till_back_f75(till, begun):
    ada, payment = begun
    till.client.v1.payment_intents.update(payment.stripe_id, {"amount": 4300})
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.client.v1.refunds.create({"payment_intent": payment.stripe_id})
    charge = till.client.v1.charges.list().data[0].to_dict()
    knock(event("charge.refunded", charge))
    assert Incident.objects.get().resolution == "paid back"
    assert open_payment(ada).status_code == 200
    assert Order.objects.filter(status="open").count() == 1


# --- Held money ----------------------------------------------------------------


@pytest.fixture
def held(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CAPTURE_METHOD": "manual"}
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    payment.refresh_from_db()
    return payment


def test_held_money_is_no_paid_order_and_the_host_hears_of_it(held, heard):
    assert (held.status, held.amount_capturable) == ("authorised", 4200)
    assert held.capture_before is not None
    assert heard == []
    assert OutboxMessage.objects.get().name == "order_authorised"


def test_captured_money_pays(held, heard):
    assert capture.capture(held).is_paid
    assert heard == [held.order.reference]


def test_a_capture_whose_answer_was_lost_captures_once_f20(till, held):
    till.trouble("reset_after", 2)
    with pytest.raises(Exception, match="APIConnectionError"):
        capture.capture(held)
    assert capture.capture(held).is_paid
    assert till.intent(held.stripe_id).amount_received == 4200


def test_a_part_that_is_captured_is_no_paid_order_f77(held):
    order = capture.capture(held, 4000)
    assert not order.is_paid
    assert Incident.objects.get().kind == "mismatch"


@pytest.mark.parametrize("amount", [0, 4201])
def test_no_more_is_captured_than_is_held_f77(till, held, amount):
    till.forget_calls()
    with pytest.raises(CaptureRefused):
        capture.capture(held, amount)
    assert till.calls() == []


def test_held_money_that_is_let_go_cancels_the_order(till, held):
    assert cancel.cancel(held.order).is_cancelled
    assert till.intent(held.stripe_id).status == "canceled"


def test_a_hold_that_lapsed_is_not_captured(till, held):
    act(till, "expire_hold", id=held.stripe_id)
    assert capture.capture(held).is_cancelled


# --- What the shopper reads -----------------------------------------------------


def page(client):
    return client.get(status_url(Order.objects.get())).content.decode()


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


def test_who_paid_a_cancelled_order_reads_that_it_goes_back_f62(till, begun):
    ada, payment = begun
    Order.objects.update(status="cancelled")
    till.pay(payment.stripe_id)
    sync.refresh_order(Order.objects.get())
    assert "£42.00</span> that you paid goes back" in page(ada)


def test_whose_money_is_held_reads_that_nothing_is_left_to_do(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CAPTURE_METHOD": "manual"}
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    sync.refresh_order(Order.objects.get())
    assert 'data-status="authorised"' in page(ada)
    assert "hx-trigger" not in page(ada)


# --- Disputes ------------------------------------------------------------------


@pytest.fixture
def disputed(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    act(till, "dispute", id=payment.stripe_id)
    return payment, till.client.v1.disputes.list().data[0].id


def tell(till, kind, stripe_id, id="evt_1"):
    held = till.client.v1.disputes.retrieve(stripe_id).to_dict()
    return knock(event(f"charge.dispute.{kind}", held, id=id))


def test_a_dispute_is_kept_and_the_host_hears_of_it_once_f81(till, disputed):
    payment, name = disputed
    tell(till, "created", name)
    tell(till, "funds_withdrawn", name, "evt_2")
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.amount) == ("open", 4200)
    assert dispute.payment == payment
    assert OutboxMessage.objects.filter(name="dispute_opened").count() == 1


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_dispute_ends_as_the_bank_decides_f81(till, disputed, outcome):
    _payment, name = disputed
    tell(till, "created", name)
    act(till, "decide_dispute", id=name, status=outcome)
    tell(till, "closed", name, "evt_2")
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.closed_at is not None) == (outcome, True)
    assert [(row.before, row.after) for row in rows("dispute")] == [
        ("", "open"),
        ("open", outcome),
    ]


def rows(what):
    return Order.objects.get().audit_entries.filter(what=what).order_by("pk")


def test_an_old_answer_reopens_no_dispute_i7(till, disputed):
    payment, name = disputed
    early = gateway.dispute(name)
    act(till, "decide_dispute", id=name, status="won")
    tell(till, "closed", name)
    settle.keep(payment, settle.Truth(dispute=early))
    assert Dispute.objects.get().status == "won"


def test_money_that_leaves_twice_is_told_f81(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.client.v1.refunds.create({"payment_intent": payment.stripe_id})
    charge = till.client.v1.charges.list().data[0].to_dict()
    knock(event("charge.refunded", charge, id="evt_0"))
    act(till, "dispute", id=payment.stripe_id)
    tell(till, "created", till.client.v1.disputes.list().data[0].id)
    assert Incident.objects.get(closed_at=None).kind == "outflow"
