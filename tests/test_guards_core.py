"""Guards of money: each test here is red as soon as its guard is removed.

Those of a lock are so on PostgreSQL. Whoever holds an order holds it as the app does,
not against rows that only name it: otherwise the wait would be another one's.
"""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from htmx_checkout import audit, gateway, incidents, outbox, signals
from htmx_checkout.core import failpoints
from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.exceptions import StripeBusy
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
from htmx_checkout.models.constraints import KEY_LIFE
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import allocate, cancel, settle, sync
from htmx_checkout.payments import refund as refunding
from htmx_checkout.refunds import plan
from stripe_standin.desk import actions
from tests.cast import DECLINES, event, knock, open_payment, shopper, status_url
from tests.test_guards_races import holding, lock_message
from tests.test_races import at_once
from tests.world import dying_at, hearing, times_heard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paid(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    return Payment.objects.select_related("order").get()


@pytest.fixture
def planned(till, paid):
    """A refund of 12.00 whose process has died before it could ask."""
    with dying_at(Failpoint.REFUND_PLANNED):
        refunding.refund(paid, 1200, wanted_by="staff")
    return Refund.objects.get()


@pytest.fixture
def unasked(till):
    """An order whose process has died before it could ask for the intent."""
    with dying_at(Failpoint.PLANNED):
        open_payment(shopper())
    return Order.objects.get()


def lock():
    Order.locked().get()


def at_stripe(till):
    return sorted(refund.amount for refund in till.client.v1.refunds.list().data)


def dashboard_refund(till, payment, amount):
    given = {"id": payment.stripe_id, "amount": amount}
    with till.server.lock:
        actions.act(till.server.engine, "refund", given)


# --- Locks ---------------------------------------------------------------------


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


def test_keeping_refunds_waits_for_the_orders_lock(till, paid):
    dashboard_refund(till, paid, 1200)
    with holding(lock) as (done, hold):
        hold()
        sync.refresh_refunds(paid)
        done.append("kept")
    assert done == ["succeeded", "released", "kept"]


def test_five_with_a_key_that_stripe_has_forgotten_pay_back_once_f9(till, planned):
    Refund.objects.update(key_stored_at=timezone.now() - KEY_LIFE)
    assert set(at_once(*[lambda: carried_out(planned)] * 5)) == {"succeeded"}
    assert at_stripe(till) == [1200]
    assert Refund.objects.get().revision == 2


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


def test_giving_up_an_attempt_that_is_cancelled_waits_for_the_orders_lock(unasked):
    with holding(lock) as (done, hold):
        hold()
        assert cancel.cancel(unasked).is_cancelled
        done.append("cancelled")
    assert done == ["creating", "released", "cancelled"]


def test_an_attempt_that_gets_its_intent_while_it_is_looked_for_is_not_given_up(
    till, unasked
):
    """An event has brought the intent after Stripe's list was made."""
    till.meanwhile(lambda: Payment.objects.update(stripe_id="pi_1", status="open"))
    assert cancel.cancel(unasked).is_open
    assert Payment.objects.get().status == "open"


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


def test_a_message_that_another_one_ends_is_left_to_that_one_i3(till, begun):
    """On SQLite, which locks the whole file, it has to wait instead."""
    _ada, payment = begun
    # Nobody listens to it: there is nothing to do but to end it.
    message = OutboxMessage.objects.create(
        name=outbox.DISPUTE_OPENED, subject="x", object_id=payment.pk
    )
    OutboxMessage.objects.filter(pk=message.pk).update(name=outbox.ORDER_AUTHORISED)
    with holding(lock_message) as (done, hold):
        hold()
        deliver.deliver(message.pk)
        done.append("left")
    first = ["open", "released"]
    waits = connection.vendor == "sqlite"
    assert done == ([*first, "left"] if waits else ["left", *first])


# --- What happens once ------------------------------------------------------------


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


def test_an_incident_stays_open_while_the_money_is_on_its_way_back(till, begun):
    _ada, payment = begun
    Order.objects.update(status="cancelled")
    till.pay(payment.stripe_id, "pm_card_pendingRefund")
    sync.refresh_order(Order.objects.get())
    assert Refund.objects.get().status == "pending"
    assert Incident.objects.get().closed_at is None
    till.later(10)
    sync.refresh_refunds(payment)
    assert Incident.objects.get().resolution == "paid back"


def test_a_message_is_heard_once_by_each_also_when_another_one_fails_i3(till, paid):
    def break_down(**kwargs):
        raise RuntimeError

    OutboxMessage.objects.update(done_at=None, heard=[])
    signals.order_paid.connect(break_down)
    try:
        with hearing():
            for _ in range(3):
                deliver.deliver(OutboxMessage.objects.get().pk)
    finally:
        signals.order_paid.disconnect(break_down)
    assert OutboxMessage.objects.get().tries == 3
    assert list(times_heard().values()) == [1]


def test_an_event_whose_process_dies_over_it_is_not_dealt_with_f14(till, begun):
    """It is marked with what it has led to, or not at all."""
    _ada, payment = begun
    succeeded = event("payment_intent.succeeded", till.pay(payment.stripe_id).to_dict())
    with dying_at(Failpoint.SETTLING):
        knock(succeeded)
    assert not WebhookEvent.objects.exclude(done_at=None).exists()
    assert knock(succeeded).status_code == 200
    assert Order.objects.get().is_paid


def test_an_incident_that_is_reported_again_is_noted_and_told_once(till):
    for _ in range(3):
        with transaction.atomic():
            incidents.report(Incident.Kind.STRAY, "pi_1", "4200 gbp")
    assert AuditEntry.objects.filter(what="incident", after="open").count() == 1
    assert OutboxMessage.objects.count() == Incident.objects.count() == 1


def test_a_task_is_written_together_with_its_fact_f13(till, begun, settings):
    """And not after the commit, where a process can die."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    _ada, payment = begun
    with transaction.atomic():
        outbox.add(outbox.ORDER_PAID, "x", payment.order_id, payment.order)
        assert DBTaskResult.objects.count() == 1


def test_a_refusal_is_told_once_however_often_it_is_read_i3(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id, DECLINES)
    for _ in range(3):
        sync.refresh_order(Order.objects.get())
    assert OutboxMessage.objects.get().name == "payment_failed"
    till.pay(payment.stripe_id, DECLINES)
    sync.refresh_order(Order.objects.get())
    assert OutboxMessage.objects.count() == 2


def test_an_attempt_that_was_given_up_while_it_was_asked_gives_no_secret_i2(till):
    """Its answer comes late; the browser pays by the attempt that lives."""
    ada = shopper()

    def give_up():
        payment = Payment.objects.get()
        with transaction.atomic():
            settle.give_up(payment)

    till.meanwhile(give_up)
    html = open_payment(ada).content.decode()
    dead, live = Payment.objects.order_by("attempt")
    assert (dead.status, live.status) == ("given_up", "open")
    assert till.intent(live.stripe_id).client_secret in html
    assert till.intent(dead.stripe_id).client_secret not in html


def test_an_old_answer_does_not_take_a_won_dispute_for_an_appeal_i7(till, paid):
    """From won to under review is a legal move; only the time says that it is old."""
    with till.server.lock:
        actions.act(till.server.engine, "dispute", {"id": paid.stripe_id})
    (disputed,) = till.client.v1.disputes.list().data
    till.client.v1.disputes.update(
        disputed.id, {"evidence": {"uncategorized_text": "x"}}
    )
    early = gateway.dispute(disputed.id)
    assert early.status == "review"
    with till.server.lock:
        given = {"id": disputed.id, "status": "won"}
        actions.act(till.server.engine, "decide_dispute", given)
    for facts in (gateway.dispute(disputed.id), early):
        settle.keep(paid, settle.Truth(dispute=facts))
    assert Dispute.objects.get().status == "won"


def test_a_refund_that_came_back_is_not_shown_as_nothing_charged_i14(till, begun):
    ada, payment = begun
    Order.objects.update(status="cancelled")
    till.pay(payment.stripe_id, "pm_card_refundFail")
    sync.refresh_order(Order.objects.get())
    html = ada.get(status_url(payment.order)).content.decode()
    assert "goes back to you" in html
    till.later(10)
    sync.refresh_refunds(payment)
    html = ada.get(status_url(payment.order)).content.decode()
    assert "Nothing will be charged" not in html
    assert "checking" in html


# --- What the database refuses ------------------------------------------------------


def test_no_more_is_paid_back_than_came_i1(paid):
    Payment.objects.update(amount_refunded=4200)
    for amount in (4201, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.update(amount_refunded=amount)


def test_a_payment_that_was_given_up_makes_room_for_one_more_i2(begun):
    _ada, payment = begun
    Payment.objects.update(status="given_up")
    facts = {"order": payment.order, "amount": 4200, "currency": "gbp"}
    Payment.objects.create(attempt=2, idempotency_key="b", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(attempt=3, idempotency_key="c", **facts)


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 0}, {"status": "gone"}, {"idempotency_key": None}],
    ids=["amount", "status", "nameless"],
)
def test_a_refund_is_of_something_and_has_a_name(paid, wrong):
    right = {"amount": 1, "currency": "gbp", "wanted_by": "x", "idempotency_key": "a"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.create(payment=paid, **right | wrong)
    Refund.objects.create(payment=paid, **right)


def test_a_refund_of_stripes_and_a_key_are_kept_once(paid):
    facts = {"payment": paid, "amount": 1, "currency": "gbp", "wanted_by": "x"}
    once = {"stripe_id": "re_1", "idempotency_key": "a", "number": "AAAAA-AAAAA"}
    Refund.objects.create(**facts, **once)
    for name, value in once.items():
        others = {"stripe_id": "re_2", "idempotency_key": "b"} | {name: value}
        with pytest.raises(IntegrityError), transaction.atomic():
            Refund.objects.create(**facts, **others)


def test_an_incident_is_closed_with_a_reason(begun):
    told = Incident.objects.create(kind="stray", subject="pi_1", detail="x")
    told.closed_at = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        told.save()


@pytest.mark.parametrize("kind", ["mismatch", "stray"])
def test_an_incident_is_open_once_for_each_subject(kind):
    Incident.objects.create(kind=kind, subject="pi_1", detail="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(kind=kind, subject="pi_1", detail="y")


def test_a_message_of_a_name_and_a_subject_is_there_once_i3(begun):
    facts = {"name": outbox.ORDER_REFUNDED, "object_id": 1}
    OutboxMessage.objects.create(subject="re_1", **facts)
    OutboxMessage.objects.create(subject="re_2", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.create(subject="re_1", **facts)


# --- History ---------------------------------------------------------------------


def test_history_is_only_added_to_i18(begun):
    audit.note("order", "", "open")
    row = AuditEntry.objects.latest("pk")
    for change in (
        row.save,
        row.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(note="x"),
        lambda: AuditEntry.objects.bulk_update([row], ["note"]),
    ):
        with pytest.raises(TypeError, match="audit log is not"):
            change()
    assert AuditEntry.objects.get(pk=row.pk).note == ""
