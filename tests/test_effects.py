"""What the host hears: once for each receiver, however often it is tried."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from htmx_checkout import incidents, outbox, signals
from htmx_checkout.core import transactions
from htmx_checkout.models import Incident, Order, OutboxMessage, WebhookEvent
from htmx_checkout.models.retried import parked
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import sync
from tests.test_guards_settlement import connected, staged

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def order(begun):
    return begun[1].order


@pytest.fixture
def queue(settings):
    """The queue that a shop has: rows of the same database, and workers."""
    settings.TASKS = QUEUE


def work():
    """Let a worker do whatever is due."""
    call_command(
        "db_worker", batch=True, interval=0, startup_delay=False, verbosity=1,
        reload=False,
    )  # fmt: skip


def due():
    DBTaskResult.objects.update(run_after=DBTaskResult.objects.first().enqueued_at)


# --- The queue -----------------------------------------------------------------


def test_a_worker_tells_the_host(till, begun, queue, heard):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    assert heard == []
    work()
    assert heard == [payment.order.reference]
    assert OutboxMessage.objects.get().done_at


def test_a_task_is_kept_with_its_fact_or_not_at_all_f12(order, queue):
    with transaction.atomic():
        staged(order)
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()


def test_a_worker_that_is_killed_leaves_it_to_another_one_f17(order, queue, heard):
    """The queue shows its task as running for ever; the message's row knows better."""
    staged(order)
    DBTaskResult.objects.update(status="RUNNING")
    work()
    assert heard == []
    deliver.deliver(OutboxMessage.objects.get().pk)
    assert heard == [order.reference]


def test_a_task_too_many_finds_nothing_to_do_i3(order, queue, heard):
    staged(order)
    outbox.deliver_later(OutboxMessage.objects.get())
    work()
    assert heard == [order.reference]


# --- Receivers -----------------------------------------------------------------


def write(**kwargs):
    name = f"evt_of_the_host_{WebhookEvent.objects.count()}"
    WebhookEvent.objects.create(stripe_id=name, type="x", livemode=False)


def break_down(**kwargs):
    raise RuntimeError("no paper")


def test_who_has_heard_does_not_hear_again_because_another_one_failed_i3(order, queue):
    with connected(write, break_down):
        staged(order)
        work()
        due()
        work()
    assert WebhookEvent.objects.count() == 1
    message = OutboxMessage.objects.get()
    assert message.heard.count("tests.test_effects.write") == 1
    assert message.tries == 2


def test_a_receiver_that_has_recovered_is_heard_at_the_next_try_i4(order, queue, heard):
    with connected(break_down):
        staged(order)
        work()
    assert OutboxMessage.objects.get().done_at is None
    due()
    work()
    assert OutboxMessage.objects.get().done_at
    assert heard == [order.reference]


def test_a_next_try_waits_longer_each_time(order, queue):
    with connected(break_down):
        staged(order)
        work()
        first = DBTaskResult.objects.filter(status="READY").get().run_after
        due()
        work()
    second = DBTaskResult.objects.filter(status="READY").get().run_after
    message = OutboxMessage.objects.get()
    assert (second - first).total_seconds() > 10
    assert message.due_at > message.staged_at


def test_what_keeps_failing_is_parked_and_told_once_f42(order, caplog):
    with connected(break_down):
        staged(order)
        for _ in range(OutboxMessage.MAX_TRIES + 2):
            deliver.deliver(OutboxMessage.objects.get(name="order_paid").pk)
    message = OutboxMessage.objects.get(name="order_paid")
    assert (message.tries, bool(message.parked_at)) == (OutboxMessage.MAX_TRIES, True)
    assert Incident.objects.get().kind == "parked_message"
    assert OutboxMessage.objects.get(name="incident_opened").done_at
    assert caplog.text.count("Trouble: parked_message") == 1


def test_a_message_is_parked_with_its_incident_or_not_at_all(order):
    staged(order)
    OutboxMessage.objects.update(done_at=None, tries=OutboxMessage.MAX_TRIES - 1)
    parked.connect(break_down)
    try:
        with connected(break_down), pytest.raises(RuntimeError):
            deliver.deliver(OutboxMessage.objects.get().pk)
    finally:
        parked.disconnect(break_down)
    assert OutboxMessage.objects.get().parked_at is None
    assert not Incident.objects.exists()


def test_a_person_can_have_a_parked_message_tried_again(order, heard):
    staged(order)
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(parked_at=message.staged_at, done_at=None, heard=[])
    heard.clear()
    deliver.unpark(message)
    assert heard == [order.reference]


def test_what_a_receiver_wrote_is_gone_when_its_worker_dies_before_the_note_f17(
    order, queue
):
    class Killed(BaseException):
        pass

    def write_and_die(**kwargs):
        write()
        raise Killed

    staged(order)
    with connected(write_and_die), pytest.raises(Killed):
        deliver.deliver(OutboxMessage.objects.get().pk)
    assert not WebhookEvent.objects.exists()
    with connected(write):
        deliver.deliver(OutboxMessage.objects.get().pk)
    assert WebhookEvent.objects.count() == 1


def test_two_receivers_of_one_name_are_two(order):
    def receiver():
        def hear(**kwargs):
            told.append(1)

        return hear

    told = []
    with connected(one := receiver(), two := receiver()):
        assert one is not two
        staged(order)
    assert len(told) == 2


# --- At most once --------------------------------------------------------------


def test_what_must_not_be_repeated_is_parked_when_its_worker_died(order, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"AT_MOST_ONCE": ("order_paid",)}
    told = []

    def hear(**kwargs):
        told.append(1)

    staged(order)
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(
        done_at=None, heard=[], started_at=message.staged_at.replace(year=2020)
    )
    with connected(hear):
        deliver.deliver(message.pk)
    assert told == []
    assert OutboxMessage.objects.get(name="order_paid").parked_at
    assert Incident.objects.get().kind == "parked_message"


def test_what_must_not_be_repeated_is_done_once(order, settings, heard):
    settings.CHECKOUT = settings.CHECKOUT | {"AT_MOST_ONCE": ("order_paid",)}
    staged(order)
    deliver.deliver(OutboxMessage.objects.get().pk)
    assert heard == [order.reference]


# --- Incidents -----------------------------------------------------------------


def report():
    facts = {"kind": incidents.Kind.STRAY, "subject": "pi_1", "detail": "4200 gbp"}
    return transactions.retried(lambda: incidents.report(**facts))()


def test_an_incident_is_told_once_to_the_host_and_to_the_log(till, caplog):
    told = []

    def hear(*, incident, **kwargs):
        told.append(incident.subject)

    signals.incident_opened.connect(hear)
    try:
        report()
        report()
    finally:
        signals.incident_opened.disconnect(hear)
    assert told == ["pi_1"]
    assert caplog.text.count("Money without an order: stray, pi_1") == 1


def test_a_closed_incident_stays_closed(till):
    incidents.close(report(), "looked at", by="grace")
    again = report()
    assert again.closed_at
    assert (again.closed_by, again.resolution) == ("grace", "looked at")


def test_an_incident_is_closed_once(till):
    incident = report()
    assert incidents.close(incident, "looked at", by="grace")
    assert not incidents.close(incident, "looked at again", by="mallory")
    assert Incident.objects.get().closed_by == "grace"


def test_an_incident_that_cannot_be_told_opens_no_other_incident(till):
    signals.incident_opened.connect(break_down)
    try:
        report()
        for _ in range(OutboxMessage.MAX_TRIES):
            deliver.deliver(OutboxMessage.objects.get().pk)
    finally:
        signals.incident_opened.disconnect(break_down)
    assert Incident.objects.count() == OutboxMessage.objects.count() == 1
    assert Order.objects.count() == 0
