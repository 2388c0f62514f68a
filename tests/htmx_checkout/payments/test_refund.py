"""Refunds: planned under the lock, asked once, kept as Stripe says."""

import pytest
from django.db import OperationalError, transaction
from django.db.models.signals import post_save
from django.utils import timezone

from htmx_checkout import audit, gateway
from htmx_checkout.core import failpoints
from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.exceptions import (
    GatewayError,
    RefundRefused,
    StripeBusy,
    StripeRefused,
    StripeUnreachable,
)
from htmx_checkout.models import (
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
)
from htmx_checkout.models.constraints import KEY_LIFE
from htmx_checkout.payments import refund as refunding
from htmx_checkout.payments import settle, sync
from htmx_checkout.refunds import plan
from stripe_standin.desk import actions
from tests.support.cast import event, open_payment, post_event, shopper
from tests.support.locks import holding
from tests.support.refunds import act, at_stripe
from tests.support.staff import settled_payment
from tests.support.threads import at_once
from tests.support.world import dying_at


@pytest.fixture
def planned(till, paid):
    """A refund of 12.00 whose process has died before it could ask."""
    with dying_at(Failpoint.REFUND_PLANNED):
        refunding.refund(paid, 1200, wanted_by="staff")
    return Refund.objects.get()


def lock():
    Order.locked().get()


def dashboard_refund(till, payment, amount):
    given = {"id": payment.stripe_id, "amount": amount}
    with till.server.lock:
        actions.act(till.server.engine, "refund", given)


@pytest.mark.django_db(transaction=True)
def test_a_refund_of_another_installation_is_not_taken_for_ours(till, paid, planned):
    """Both share an account, and its number is one that is planned here."""
    named = {"refund": planned.number, "installation": "another"}
    given = {"payment_intent": paid.stripe_id, "amount": 700, "metadata": named}
    till.client.v1.refunds.create(given)
    sync.refresh_refunds(paid)
    planned.refresh_from_db()
    assert (planned.status, planned.amount) == ("creating", 1200)
    assert Refund.objects.exclude(pk=planned.pk).get().wanted_by == "stripe"


@pytest.mark.django_db(transaction=True)
def test_planning_a_refund_waits_for_the_orders_lock_f79(till, paid):
    with holding(lock) as (done, hold):

        def watch(stop):
            if stop == Failpoint.REFUND_PLANNED:
                done.append("planned")

        failpoints.watchers.append(watch)
        try:
            hold()
            refunding.refund(paid, 1200, wanted_by="staff")
        finally:
            failpoints.watchers.remove(watch)
    assert done == ["succeeded", "released", "planned"]


@pytest.mark.django_db(transaction=True)
def test_keeping_refunds_waits_for_the_orders_lock(till, paid):
    dashboard_refund(till, paid, 1200)
    with holding(lock) as (done, hold):
        hold()
        sync.refresh_refunds(paid)
        done.append("kept")
    assert done == ["succeeded", "released", "kept"]


@pytest.mark.django_db(transaction=True)
def test_five_with_a_key_that_stripe_has_forgotten_pay_back_once_f9(till, planned):
    Refund.objects.update(key_stored_at=timezone.now() - KEY_LIFE)
    assert set(at_once(*[lambda: carried_out(planned)] * 5)) == {"succeeded"}
    assert at_stripe(till) == [1200]
    assert Refund.objects.get().revision == 2


@pytest.mark.django_db(transaction=True)
def test_a_no_that_comes_late_fails_no_refund_that_is_there(till, planned):
    """Between the look at Stripe's list and the note of its no another one kept it.

    There is no stop in between, so that the note is written by itself here.
    """

    def keep():
        Order.locked().get()
        Refund.objects.update(stripe_id="re_1", status="succeeded")

    with holding(keep) as (_done, hold):
        hold()
        with transaction.atomic():
            plan.fail(planned.pk, "refused")
    assert Refund.objects.get().status == "succeeded"


def carried_out(planned):
    """Stripe takes a key once at a time; who is turned away comes again."""
    for _ in range(10):
        try:
            return refunding.send(planned.pk).status
        except StripeBusy:
            continue
    raise AssertionError("Busy for ever.")


@pytest.mark.django_db(transaction=True)
def test_money_that_came_back_is_not_sent_away_again_by_itself_f80(till, begun):
    """The policy pays back once; when the bank refuses that, a person has to look."""
    _ada, payment = begun
    Payment.objects.update(status="given_up")
    till.pay(payment.stripe_id, "pm_card_refundFail")
    sync.refresh_intent(payment)
    till.later(10)
    sync.refresh_refunds(payment)
    for _ in range(2):
        sync.refresh_intent(payment)
    assert at_stripe(till) == [4200]
    assert Refund.objects.get().status == "failed"
    open_ = Incident.objects.filter(closed_at=None)
    kinds = open_.values_list("kind", flat=True)
    assert list(kinds) == ["refund_failed"]


@pytest.fixture
def bought(till, begun):
    return settled_payment(till, begun)


@pytest.fixture
def unanswered(till, bought):
    """A refund that Stripe has made, and whose answer was lost."""
    till.trouble("reset_after", 2, path="/v1/refunds")
    with pytest.raises(GatewayError):
        refunding.refund(bought, 1200)
    made = Refund.objects.get()
    assert made.status == "creating"
    return made


@pytest.mark.django_db
def test_a_refund_that_stripe_has_is_not_failed_by_a_later_no(till, unanswered):
    till.says_no("parameter_unknown")
    assert refunding.send(unanswered.pk).status == "succeeded"
    payment = unanswered.payment
    payment.refresh_from_db()
    assert (payment.amount_refunded, plan.refundable(payment)) == (1200, 3000)


@pytest.mark.django_db
def test_who_may_not_even_ask_fails_no_refund(till, unanswered, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"SECRET_KEY": "rotated"}
    with pytest.raises(StripeRefused):
        refunding.send(unanswered.pk)
    assert Refund.objects.get().status == "creating"


@pytest.mark.django_db
def test_an_amount_that_stripe_takes_for_none_is_not_planned_for_ever(till, bought):
    # All is paid back, so that Stripe does not have this one.
    refunding.refund(bought)
    planned = Refund.objects.create(
        payment=bought,
        amount=1,
        currency="gbp",
        wanted_by="code",
        idempotency_key="small",
    )
    till.says_no("amount_too_small")
    with pytest.raises(RefundRefused):
        refunding.send(planned.pk)
    planned.refresh_from_db()
    assert (planned.status, planned.failure) == ("failed", "amount_too_small")


@pytest.mark.django_db(transaction=True)
def test_the_whole_amount_goes_back_and_the_order_stays_paid(till, paid):
    refund = refunding.refund(paid)
    assert (refund.status, refund.amount, refund.currency) == ("succeeded", 4200, "gbp")
    paid.refresh_from_db()
    assert (paid.amount_refunded, paid.left) == (4200, 0)
    assert Order.objects.get().is_paid
    assert at_stripe(till, paid) == [4200]


@pytest.mark.django_db(transaction=True)
def test_a_part_goes_back_and_then_another_one(till, paid):
    refunding.refund(paid, 1000, reason="requested_by_customer", wanted_by="grace")
    refunding.refund(paid, 3200)
    assert at_stripe(till, paid) == [1000, 3200]
    assert list(Refund.objects.values_list("wanted_by", flat=True)) == ["grace", "code"]


@pytest.mark.django_db(transaction=True)
def test_more_than_is_left_is_refused_before_stripe_is_asked_f79(till, paid):
    refunding.refund(paid, 4000)
    till.forget_calls()
    with pytest.raises(RefundRefused, match=r"£2\.00 is left"):
        refunding.refund(paid, 201)
    assert till.calls() == []


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("amount", [0, -1, 4201])
def test_an_amount_that_is_none_is_refused(paid, amount):
    with pytest.raises(RefundRefused):
        refunding.refund(paid, amount)
    assert not Refund.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_money_that_has_not_come_cannot_go_back(till):
    open_payment(shopper())
    with pytest.raises(RefundRefused):
        refunding.refund(Payment.objects.get())


@pytest.mark.django_db(transaction=True)
def test_a_refund_whose_answer_was_lost_is_repeated_with_its_key_f20(till, paid):
    till.trouble("reset_after", 2)
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 1000)
    planned = Refund.objects.get()
    assert planned.status == "creating"
    assert refunding.send(planned.pk).status == "succeeded"
    assert at_stripe(till, paid) == [1000]


@pytest.mark.django_db(transaction=True)
def test_what_is_planned_counts_before_stripe_knows_it_f79(till, paid):
    till.trouble("reset_before", 2)
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 4000)
    with pytest.raises(RefundRefused):
        refunding.refund(paid, 1000)


@pytest.mark.django_db(transaction=True)
def test_a_key_that_stripe_may_have_forgotten_is_looked_up_first_f9(till, paid):
    till.trouble("reset_after", 2)
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 1000)
    long_ago = paid.key_stored_at.replace(year=2020)
    Refund.objects.update(key_stored_at=long_ago)
    till.server.engine.answers.forget()
    assert refunding.send(Refund.objects.get().pk).status == "succeeded"
    assert at_stripe(till, paid) == [1000]


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_key_that_made_nothing_is_renewed(till, paid):
    till.trouble("reset_before", 2)
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 1000)
    key = Refund.objects.get().idempotency_key
    Refund.objects.update(key_stored_at=paid.key_stored_at.replace(year=2020))
    assert refunding.send(Refund.objects.get().pk).status == "succeeded"
    assert Refund.objects.get().idempotency_key != key
    assert at_stripe(till, paid) == [1000]


@pytest.mark.django_db(transaction=True)
def test_a_500_that_stripe_saved_is_passed_by_with_another_key_f44(till, paid):
    till.trouble("server_error", path="/v1/refunds")
    with pytest.raises(StripeUnreachable):
        refunding.refund(paid, 1000)
    assert refunding.send(Refund.objects.get().pk).status == "succeeded"
    assert at_stripe(till, paid) == [1000]


@pytest.mark.django_db(transaction=True)
def test_stripes_no_is_kept_and_told(till, paid):
    """The dashboard was faster: what is left there is less than is known here."""
    till.client.v1.refunds.create({"payment_intent": paid.stripe_id, "amount": 4000})
    with pytest.raises(RefundRefused, match="Stripe refuses"):
        refunding.refund(paid, 1000)
    ours = Refund.objects.get(idempotency_key__isnull=False)
    assert ours.status == "failed"
    paid.refresh_from_db()
    assert paid.amount_refunded == 4000


@pytest.mark.django_db(transaction=True)
def test_a_refund_from_the_dashboard_is_imported_f79(till, paid):
    made = till.client.v1.refunds.create(
        {"payment_intent": paid.stripe_id, "amount": 1500}
    )
    charge = till.client.v1.charges.retrieve(made.charge).to_dict()
    assert post_event(event("charge.refunded", charge)).status_code == 200
    refund = Refund.objects.get()
    assert (refund.stripe_id, refund.amount) == (made.id, 1500)
    assert refund.wanted_by == "stripe"
    paid.refresh_from_db()
    assert paid.amount_refunded == 1500


@pytest.mark.django_db(transaction=True)
def test_the_host_hears_of_each_refund_once(till, paid):
    refunding.refund(paid, 1000)
    refunding.refund(paid, 2000)
    sync.refresh_refunds(paid)
    told = OutboxMessage.objects.filter(name="order_refunded")
    assert told.count() == 2
    assert all(message.done_at for message in told)


@pytest.mark.django_db(transaction=True)
def test_a_refund_that_came_back_is_counted_back_and_told_f80(till, paid):
    refund = refunding.refund(paid)
    act(till, "fail_refund", id=refund.stripe_id)
    sync.refresh_refunds(paid)
    refund.refresh_from_db()
    paid.refresh_from_db()
    assert (refund.status, paid.amount_refunded) == ("failed", 0)
    assert Incident.objects.get().kind == "refund_failed"


@pytest.mark.django_db(transaction=True)
def test_an_old_list_moves_no_refund_back_i7(till, paid):
    refund = refunding.refund(paid)
    early = gateway.refunds(paid.stripe_id)
    act(till, "fail_refund", id=refund.stripe_id)
    sync.refresh_refunds(paid)
    settle.keep(paid, settle.Snapshots(refunds=early))
    refund.refresh_from_db()
    assert refund.status == "failed"


@pytest.mark.django_db(transaction=True)
def test_what_the_bank_has_taken_is_not_paid_back_as_well_f81(till, paid):
    act(till, "dispute", id=paid.stripe_id)
    dispute = till.client.v1.disputes.list().data[0].to_dict()
    post_event(event("charge.dispute.created", dispute))
    till.forget_calls()
    with pytest.raises(RefundRefused, match="dispute"):
        refunding.refund(paid)
    assert till.calls() == []


@pytest.mark.django_db(transaction=True)
def test_who_wanted_a_refund_stands_in_the_audit_log(till, paid):
    with audit.by("staff", "grace"):
        refunding.refund(paid, 1000, wanted_by="grace")
    rows = paid.audit_entries.filter(what="refund").order_by("pk")
    assert [(row.before, row.after) for row in rows] == [
        ("", "creating"),
        ("creating", "succeeded"),
    ]
    assert {(row.cause, row.caused_by) for row in rows} == {("staff", "grace")}
    assert rows[1].request_id.startswith("req_")
