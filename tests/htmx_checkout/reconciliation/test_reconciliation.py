"""Reconciliation: what nobody came back for is found, and nothing twice."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from htmx_checkout import reconciliation
from htmx_checkout.exceptions import StripeUnreachable
from htmx_checkout.models import (
    AuditEntry,
    Dispute,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
    WebhookEvent,
)
from htmx_checkout.payments import refund as refunding
from htmx_checkout.payments import sync
from htmx_checkout.reconciliation import intents
from htmx_checkout.reconciliation.limits import WINDOW
from htmx_checkout.reconciliation.summary import Summary
from tests.support.cast import event, open_payment, post_event, shopper
from tests.support.refunds import act, at_stripe

pytestmark = pytest.mark.django_db(transaction=True)


def age(hours=1):
    """Let what is stored here be older, as if time had passed."""
    then = timezone.now() - timedelta(hours=hours)
    Order.objects.update(created_at=then)
    Payment.objects.update(created_at=then, key_sent_at=then, asked_at=None)
    Refund.objects.update(created_at=then)
    WebhookEvent.objects.update(received_at=then)
    OutboxMessage.objects.update(due_at=then)


def test_a_payment_that_nobody_told_of_is_found_f10(till, begun, heard):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    summary = reconciliation.run()
    assert Order.objects.get().is_paid
    assert heard == [payment.order.reference]
    assert summary.counts["intents settled"] == 1
    assert AuditEntry.objects.get(what="order").cause == "reconcile"


def test_the_second_run_finds_nothing_to_do(till, begun):
    till.pay(begun[1].stripe_id)
    reconciliation.run()
    assert not reconciliation.run().counts


def test_an_older_payment_is_asked_for_by_name(till, begun):
    """The list of the window does not name it."""
    _ada, payment = begun
    till.pay(payment.stripe_id)
    age()
    summary = reconciliation.run(window=timedelta(seconds=-5))
    assert summary.counts["intents asked again"] == 1
    assert Order.objects.get().is_paid


def test_an_event_that_no_endpoint_took_is_replayed(till, begun):
    _ada, payment = begun
    till.server.engine.register("https://shop.example/webhook", "whsec_1")
    till.pay(payment.stripe_id)
    summary = reconciliation.run()
    assert summary.counts["events replayed"] >= 1
    kept = WebhookEvent.objects.get(type="payment_intent.succeeded")
    assert (kept.source, kept.outcome) == ("reconcile", "applied")


def test_an_event_that_could_not_be_applied_is_tried_again_f15(till, begun):
    _ada, payment = begun
    paid = till.pay(payment.stripe_id).to_dict()
    made = next(iter(till.client.v1.events.list({"type": "payment_intent.succeeded"})))
    till.trouble("server_error", 9)
    body = event("payment_intent.succeeded", paid, id=made.id)
    assert post_event(body).status_code == 503
    till.reset_faults()
    age()
    reconciliation.run()
    assert WebhookEvent.objects.get(stripe_id=made.id).done_at is not None


def test_an_attempt_without_an_answer_is_bound_to_its_intent_f5(till):
    till.trouble("reset_after", 2)
    open_payment(shopper())
    window = timezone.now() - timedelta(minutes=5)
    Payment.objects.update(key_sent_at=window)
    reconciliation.run()
    (intent,) = till.client.v1.payment_intents.list().data
    assert Payment.objects.get().stripe_id == intent.id


def test_an_attempt_of_which_stripe_has_nothing_is_given_up_f3(till):
    till.trouble("reset_before", 2)
    open_payment(shopper())
    age()
    reconciliation.run()
    assert Payment.objects.get().status == "given_up"


def test_an_attempt_that_is_just_being_made_is_left_alone(till):
    till.trouble("reset_before", 2)
    open_payment(shopper())
    reconciliation.run()
    assert Payment.objects.get().status == "creating"


def test_an_intent_that_was_given_up_is_cancelled_at_stripe(till, begun):
    _ada, payment = begun
    Payment.objects.update(status="given_up")
    reconciliation.run()
    assert till.intent(payment.stripe_id).status == "canceled"


def test_money_without_a_row_here_is_an_incident_f84(till, begun):
    """A backup was restored: order and payment are gone, the charge is not."""
    _ada, payment = begun
    till.pay(payment.stripe_id)
    AuditEntry.objects.all()._raw_delete("default")
    Payment.objects.all().delete()
    Order.objects.all().delete()
    reconciliation.run()
    told = Incident.objects.get()
    assert (told.kind, told.subject, told.amount) == ("stray", payment.stripe_id, 4200)


def test_a_refund_from_the_dashboard_is_found(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.client.v1.refunds.create({"payment_intent": payment.stripe_id, "amount": 700})
    reconciliation.run()
    assert Refund.objects.get().amount == 700


def test_a_dispute_is_found(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    act(till, "dispute", id=payment.stripe_id)
    reconciliation.run()
    assert Dispute.objects.get().status == "open"


def test_an_order_that_is_paid_here_and_not_there_is_told(till, begun):
    _ada, payment = begun
    Payment.objects.update(status="succeeded", amount_received=4200)
    Order.objects.update(status="paid", paid_at=timezone.now())
    age()
    reconciliation.run()
    told = Incident.objects.filter(kind="unpaid_there")
    assert [incident.subject for incident in told] == [payment.stripe_id]
    assert Order.objects.get().is_paid


def test_what_was_paid_while_the_list_came_opens_no_incident(till, begun):
    _ada, payment = begun

    def pay():
        till.pay(payment.stripe_id)
        sync.refresh_order(payment.order)

    till.meanwhile(pay)
    for work in intents.intents(Summary(), WINDOW):
        work()
    assert Order.objects.get().is_paid
    assert not Incident.objects.exists()


def test_what_was_paid_while_it_was_asked_for_by_name_opens_no_incident(till, begun):
    _ada, payment = begun
    age()

    def pay():
        till.pay(payment.stripe_id)
        sync.refresh_order(payment.order)

    asked_again = list(intents.intents(Summary(), timedelta(seconds=-5)))
    till.meanwhile(pay)
    for work in asked_again:
        work()
    assert Order.objects.get().is_paid
    assert not Incident.objects.exists()


def test_an_intent_of_another_account_is_told(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.reset()
    age()
    reconciliation.run()
    assert Incident.objects.filter(kind="unpaid_there").count() == 1


def test_what_nobody_paid_is_given_up_once_stripe_agrees(till, begun):
    _ada, payment = begun
    age(hours=25)
    reconciliation.run()
    assert Order.objects.get().is_cancelled
    assert till.intent(payment.stripe_id).status == "canceled"


def test_what_was_paid_in_the_last_moment_is_not_given_up_f62(till, begun):
    _ada, payment = begun
    age(hours=25)
    till.pay(payment.stripe_id)
    reconciliation.run()
    assert Order.objects.get().is_paid


def test_what_a_bank_still_decides_about_is_not_given_up_f83(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    till.pay_by_debit(payment.stripe_id)
    sync.refresh_order(payment.order)
    age(hours=99)
    reconciliation.run()
    assert Order.objects.get().status == "processing"
    till.later(10)
    reconciliation.run()
    assert Order.objects.get().is_paid


def test_a_younger_order_is_left_alone(till, begun):
    age(hours=23)
    reconciliation.run()
    assert Order.objects.get().is_open


def test_a_refund_without_an_answer_is_repeated_with_its_key_f19(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.trouble("reset_after", 2, path="/v1/refunds")
    with pytest.raises(StripeUnreachable):
        refunding.refund(payment, 1000)
    age()
    reconciliation.run()
    assert at_stripe(till, payment) == [1000]
    assert Refund.objects.get().status == "succeeded"


def test_a_message_whose_worker_died_is_delivered(till, begun, heard, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    assert heard == []
    age()
    reconciliation.run()
    assert heard == [payment.order.reference]


def test_held_money_that_will_be_let_go_is_told(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CAPTURE_METHOD": "manual"}
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    reconciliation.run()
    assert not Incident.objects.exists()
    Payment.objects.update(capture_before=timezone.now() + timedelta(hours=20))
    reconciliation.run()
    assert Incident.objects.get().kind == "hold_expiring"


def test_a_ledger_that_does_not_add_up_is_told(till, begun):
    till.pay(begun[1].stripe_id)
    sync.refresh_order(begun[1].order)
    Payment.objects.update(amount_refunded=100)
    summary = reconciliation.run()
    assert not summary.is_clean
    assert "ledger" in Incident.objects.values_list("kind", flat=True)


def test_a_dry_run_changes_nothing_here_or_there(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    till.forget_calls()
    summary = reconciliation.run(dry_run=True)
    assert summary.counts["intents settled"] == 1
    assert Order.objects.get().is_open
    assert {call["method"] for call in till.calls()} == {"GET"}


def test_a_silent_stripe_leaves_steps_unfinished_and_the_rest_is_done(till, begun):
    till.trouble("reset_before", 99)
    summary = reconciliation.run()
    assert "intents" in summary.unfinished
    assert "outbox" not in summary.unfinished


def test_another_installations_money_is_left_alone_f23(till):
    made = till.client.v1.payment_intents.create({"amount": 4200, "currency": "gbp"})
    till.pay(made.id)
    assert not reconciliation.run().counts
    assert not Incident.objects.exists()


def test_the_command_prints_json_and_exits_with_what_is_left(till, begun):
    till.pay(begun[1].stripe_id)
    out = StringIO()
    call_command("checkout_reconcile", stdout=out)
    assert json.loads(out.getvalue())["counts"]["intents settled"] == 1
    till.trouble("reset_before", 99)
    with pytest.raises(SystemExit, match="1"):
        call_command("checkout_reconcile", stdout=StringIO())
