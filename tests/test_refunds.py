"""Money goes back: planned, asked, kept; once, and never more than came."""

import pytest
from django.db import OperationalError, transaction
from django.db.models.signals import post_save

from htmx_checkout import audit, gateway
from htmx_checkout.exceptions import RefundRefused, StripeUnreachable
from htmx_checkout.models import Incident, Order, OutboxMessage, Payment, Refund
from htmx_checkout.payments import refund as refunding
from htmx_checkout.payments import settle, sync
from tests.cast import event, knock, open_payment, shopper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paid(till):
    """Ada has paid £42.00, and it is known here."""
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    payment.refresh_from_db()
    return payment


def at_stripe(till, payment):
    found = till.client.v1.refunds.list({"payment_intent": payment.stripe_id}).data
    return sorted(item.amount for item in found)


def test_the_whole_amount_goes_back_and_the_order_stays_paid(till, paid):
    refund = refunding.refund(paid)
    assert (refund.status, refund.amount, refund.currency) == ("succeeded", 4200, "gbp")
    paid.refresh_from_db()
    assert (paid.amount_refunded, paid.left) == (4200, 0)
    assert Order.objects.get().is_paid
    assert at_stripe(till, paid) == [4200]


def test_a_part_goes_back_and_then_another_one(till, paid):
    refunding.refund(paid, 1000, reason="requested_by_customer", wanted_by="grace")
    refunding.refund(paid, 3200)
    assert at_stripe(till, paid) == [1000, 3200]
    assert list(Refund.objects.values_list("wanted_by", flat=True)) == ["grace", "code"]


def test_more_than_is_left_is_refused_before_stripe_is_asked_f79(till, paid):
    refunding.refund(paid, 4000)
    till.forget_calls()
    with pytest.raises(RefundRefused, match=r"£2\.00 is left"):
        refunding.refund(paid, 201)
    assert till.calls() == []


def test_a_commit_whose_answer_is_lost_pays_back_once_f55(till, paid):
    losses = [1]

    def lose(**kwargs):
        # Runs when the database has committed, as far as it is concerned.
        if losses:
            losses.pop()
            transaction.on_commit(fail)

    def fail():
        raise OperationalError("server closed the connection unexpectedly")

    post_save.connect(lose, sender=Refund)
    try:
        assert refunding.refund(paid, 1000).status == "succeeded"
    finally:
        post_save.disconnect(lose, sender=Refund)
    assert losses == []
    assert at_stripe(till, paid) == [1000]
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("amount", [0, -1, 4201])
def test_an_amount_that_is_none_is_refused(paid, amount):
    with pytest.raises(RefundRefused):
        refunding.refund(paid, amount)
    assert not Refund.objects.exists()


def test_money_that_has_not_come_cannot_go_back(till):
    open_payment(shopper())
    with pytest.raises(RefundRefused):
        refunding.refund(Payment.objects.get())


def test_a_refund_whose_answer_was_lost_is_repeated_with_its_key_f20(till, paid):
    till.trouble("reset_after", 2)
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 1000)
    planned = Refund.objects.get()
    assert planned.status == "creating"
    assert refunding.send(planned.pk).status == "succeeded"
    assert at_stripe(till, paid) == [1000]


def test_what_is_planned_counts_before_stripe_knows_it_f79(till, paid):
    till.trouble("reset_before", 2)
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 4000)
    with pytest.raises(RefundRefused):
        refunding.refund(paid, 1000)


def test_a_key_that_stripe_may_have_forgotten_is_looked_up_first_f9(till, paid):
    till.trouble("reset_after", 2)
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 1000)
    long_ago = paid.key_stored_at.replace(year=2020)
    Refund.objects.update(key_stored_at=long_ago)
    till.server.engine.answers.forget()
    assert refunding.send(Refund.objects.get().pk).status == "succeeded"
    assert at_stripe(till, paid) == [1000]


def test_a_forgotten_key_that_made_nothing_is_renewed(till, paid):
    till.trouble("reset_before", 2)
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 1000)
    key = Refund.objects.get().idempotency_key
    Refund.objects.update(key_stored_at=paid.key_stored_at.replace(year=2020))
    assert refunding.send(Refund.objects.get().pk).status == "succeeded"
    assert Refund.objects.get().idempotency_key != key
    assert at_stripe(till, paid) == [1000]


def test_a_500_that_stripe_saved_is_passed_by_with_another_key_f44(till, paid):
    till.trouble("server_error", path="/v1/refunds")
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 1000)
    assert refunding.send(Refund.objects.get().pk).status == "succeeded"
    assert at_stripe(till, paid) == [1000]


def test_stripes_no_is_kept_and_told(till, paid):
    """The dashboard was faster: what is left there is less than is known here."""
    till.client.v1.refunds.create({"payment_intent": paid.stripe_id, "amount": 4000})
    with pytest.raises(RefundRefused, match="Stripe refuses"):
        refunding.refund(paid, 1000)
    ours = Refund.objects.get(idempotency_key__isnull=False)
    assert ours.status == "failed"
    paid.refresh_from_db()
    assert paid.amount_refunded == 4000


def test_a_refund_from_the_dashboard_is_imported_f79(till, paid):
    made = till.client.v1.refunds.create(
        {"payment_intent": paid.stripe_id, "amount": 1500}
    )
    charge = till.client.v1.charges.retrieve(made.charge).to_dict()
    assert knock(event("charge.refunded", charge)).status_code == 200
    refund = Refund.objects.get()
    assert (refund.stripe_id, refund.amount) == (made.id, 1500)
    assert refund.wanted_by == "stripe"
    paid.refresh_from_db()
    assert paid.amount_refunded == 1500


def test_the_host_hears_of_each_refund_once(till, paid):
    refunding.refund(paid, 1000)
    refunding.refund(paid, 2000)
    sync.refresh_refunds(paid)
    told = OutboxMessage.objects.filter(name="order_refunded")
    assert told.count() == 2
    assert all(message.done_at for message in told)


def test_a_refund_that_came_back_is_counted_back_and_told_f80(till, paid):
    refund = refunding.refund(paid)
    act(till, "fail_refund", id=refund.stripe_id)
    sync.refresh_refunds(paid)
    refund.refresh_from_db()
    paid.refresh_from_db()
    assert (refund.status, paid.amount_refunded) == ("failed", 0)
    assert Incident.objects.get().kind == "refund_failed"


def test_an_old_list_moves_no_refund_back_i7(till, paid):
    refund = refunding.refund(paid)
    early = gateway.refunds(paid.stripe_id)
    act(till, "fail_refund", id=refund.stripe_id)
    sync.refresh_refunds(paid)
    settle.keep(paid, settle.Truth(refunds=early))
    refund.refresh_from_db()
    assert refund.status == "failed"


def test_what_the_bank_has_taken_is_not_paid_back_as_well_f81(till, paid):
    act(till, "dispute", id=paid.stripe_id)
    dispute = till.client.v1.disputes.list().data[0].to_dict()
    knock(event("charge.dispute.created", dispute))
    till.forget_calls()
    with pytest.raises(RefundRefused, match="dispute"):
        refunding.refund(paid)
    assert till.calls() == []


def test_who_wanted_it_stands_in_the_history(till, paid):
    with audit.by("staff", "grace"):
        refunding.refund(paid, 1000, wanted_by="grace")
    rows = paid.audit_entries.filter(what="refund").order_by("pk")
    assert [(row.before, row.after) for row in rows] == [
        ("", "creating"),
        ("creating", "succeeded"),
    ]
    assert {(row.cause, row.caused_by) for row in rows} == {("staff", "grace")}
    assert rows[1].request_id.startswith("req_")


def act(till, name, **given):
    """Do something at the stand-in's desk, as the bank or as fate."""
    from stripe_standin.desk import actions

    with till.server.lock:
        return actions.act(till.server.engine, name, given)
