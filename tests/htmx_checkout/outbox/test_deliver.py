"""Receivers hear each outbox message once, however often it is tried."""

from time import sleep

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from htmx_checkout import outbox, signals
from htmx_checkout.models import (
    Incident,
    Order,
    OutboxMessage,
    WebhookEvent,
)
from htmx_checkout.models.retried import parked
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import sync
from tests.support.locks import holding, lock_message
from tests.support.receivers import connected, staged
from tests.support.threads import at_once
from tests.support.world import hearing, times_heard


def work():
    """Let a worker do whatever is due."""
    call_command(
        "db_worker", batch=True, interval=0, startup_delay=False, verbosity=1,
        reload=False,
    )  # fmt: skip


def due():
    DBTaskResult.objects.update(run_after=DBTaskResult.objects.first().enqueued_at)


@pytest.mark.django_db(transaction=True)
def test_a_worker_tells_the_host(till, begun, queue, heard):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    assert heard == []
    work()
    assert heard == [payment.order.reference]
    assert OutboxMessage.objects.get().done_at


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_it_to_another_one_f17(order, queue, heard):
    """The queue shows its task as running for ever; the message's row knows better."""
    staged(order)
    DBTaskResult.objects.update(status="RUNNING")
    work()
    assert heard == []
    deliver.deliver(OutboxMessage.objects.get().pk)
    assert heard == [order.reference]


@pytest.mark.django_db(transaction=True)
def test_a_task_too_many_finds_nothing_to_do_i3(order, queue, heard):
    staged(order)
    outbox.deliver_later(OutboxMessage.objects.get())
    work()
    assert heard == [order.reference]


def write(**kwargs):
    name = f"evt_of_the_host_{WebhookEvent.objects.count()}"
    WebhookEvent.objects.create(stripe_id=name, type="x", livemode=False)


def break_down(**kwargs):
    raise RuntimeError("no paper")


@pytest.mark.django_db(transaction=True)
def test_who_has_heard_does_not_hear_again_because_another_one_failed_i3(order, queue):
    with connected(write, break_down):
        staged(order)
        work()
        due()
        work()
    assert WebhookEvent.objects.count() == 1
    message = OutboxMessage.objects.get()
    assert message.heard.count("tests.htmx_checkout.outbox.test_deliver.write") == 1
    assert message.tries == 2


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_has_recovered_is_heard_at_the_next_try_i4(order, queue, heard):
    with connected(break_down):
        staged(order)
        work()
    assert OutboxMessage.objects.get().done_at is None
    due()
    work()
    assert OutboxMessage.objects.get().done_at
    assert heard == [order.reference]


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
def test_a_person_can_have_a_parked_message_tried_again(order, heard):
    staged(order)
    message = OutboxMessage.objects.get()
    OutboxMessage.objects.update(parked_at=message.staged_at, done_at=None, heard=[])
    heard.clear()
    deliver.unpark(message)
    assert heard == [order.reference]


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
def test_what_is_tried_again_after_it_was_parked_has_all_its_tries(order):
    staged(order)
    now = OutboxMessage.objects.get().staged_at
    OutboxMessage.objects.update(done_at=None, heard=[], parked_at=now, tries=8)

    def fail(**kwargs):
        raise ValueError

    with connected(fail):
        deliver.unpark(message := OutboxMessage.objects.get())
        deliver.deliver(message.pk)
    message.refresh_from_db()
    assert message.is_waiting
    assert message.tries


@pytest.mark.django_db(transaction=True)
def test_what_must_not_be_repeated_is_left_to_the_worker_that_has_begun_it(
    order, settings
):
    """It may be between its receivers, where it holds no lock."""
    settings.CHECKOUT = settings.CHECKOUT | {"AT_MOST_ONCE": ("order_paid",)}
    staged(order)
    message = OutboxMessage.objects.get()
    now = message.staged_at
    OutboxMessage.objects.update(done_at=None, heard=[], started_at=now)
    told = []
    with connected(lambda **kwargs: told.append(1)):
        deliver.deliver(message.pk)
    assert told == []
    assert OutboxMessage.objects.get().is_waiting
    assert not Incident.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_must_not_be_repeated_is_done_once(order, settings, heard):
    settings.CHECKOUT = settings.CHECKOUT | {"AT_MOST_ONCE": ("order_paid",)}
    staged(order)
    deliver.deliver(OutboxMessage.objects.get().pk)
    assert heard == [order.reference]


@pytest.mark.django_db(transaction=True)
def test_a_message_that_another_one_ends_is_left_to_that_one_i3(till, begun):
    """On SQLite, which locks the whole file, it has to wait instead."""
    _ada, payment = begun
    # Nobody listens to it: there is nothing to do but to end it.
    message = OutboxMessage.objects.create(
        name=outbox.Name.DISPUTE_OPENED, subject="x", object_id=payment.pk
    )
    OutboxMessage.objects.filter(pk=message.pk).update(
        name=outbox.Name.ORDER_AUTHORISED
    )
    with holding(lock_message) as (done, hold):
        hold()
        deliver.deliver(message.pk)
        done.append("left")
    first = ["open", "released"]
    waits = connection.vendor == "sqlite"
    assert done == ([*first, "left"] if waits else ["left", *first])


@pytest.mark.django_db(transaction=True)
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


def stored(order):
    facts = {"subject": order.reference, "object_id": order.pk, "order": order}
    return OutboxMessage.objects.create(name=outbox.Name.ORDER_PAID, **facts)


@pytest.mark.django_db(transaction=True)
def test_a_message_that_another_one_delivers_is_left_to_that_one_i3(till, begun):
    """On SQLite, which locks the whole file, it has to wait instead."""
    _ada, payment = begun
    message = stored(payment.order)
    with holding(lock_message) as (done, hold):

        def hear(**kwargs):
            done.append("heard")

        signals.order_paid.connect(hear)
        try:
            hold()
            deliver.deliver(message.pk)
        finally:
            signals.order_paid.disconnect(hear)
    heard = ["heard"] if connection.vendor == "sqlite" else []
    assert done == ["open", "released", *heard]


@pytest.mark.django_db(transaction=True)
def test_who_has_called_nobody_does_not_lock_the_message_to_end_it_i4(till, begun):
    """The one who calls the receivers would find it locked, and leave the next out."""
    message = stored(begun[1].order)
    with (
        holding(lock_message) as (_done, hold),
        CaptureQueriesContext(connection) as sql,
    ):
        hold()
        deliver.deliver(message.pk)
    locks = [one for one in sql.captured_queries if "FOR UPDATE" in one["sql"]]
    receivers = signals.order_paid.listeners(Order)
    assert len(locks) == (0 if connection.vendor == "sqlite" else len(receivers))


@pytest.mark.django_db(transaction=True)
def test_a_message_that_two_deliver_at_once_is_heard_once_i3(till, begun):
    _ada, payment = begun
    message = stored(payment.order)
    heard = []

    def hear(**kwargs):
        sleep(0.2)
        heard.append(1)

    signals.order_paid.connect(hear)
    try:
        at_once(*[lambda: deliver.deliver(message.pk)] * 4)
    finally:
        signals.order_paid.disconnect(hear)
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_what_one_receiver_wrote_is_kept_although_another_one_raises(till, begun):
    def write(**kwargs):
        WebhookEvent.objects.create(
            stripe_id="evt_of_the_host", type="x", livemode=False
        )

    def break_down(**kwargs):
        raise RuntimeError

    with connected(write, break_down):
        staged(begun[1].order)
    assert WebhookEvent.objects.count() == 1
    message = OutboxMessage.objects.get()
    assert message.done_at is None
    assert "RuntimeError" in message.error


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_breaks_the_transaction_breaks_only_its_own(till, begun):
    def write_twice(**kwargs):
        for _ in range(2):
            WebhookEvent.objects.create(stripe_id="evt_1", type="x", livemode=False)

    _ada, payment = begun
    till.pay(payment.stripe_id)
    with connected(write_twice):
        assert sync.refresh_order(payment.order).is_paid
    assert Order.objects.get().is_paid
    message = OutboxMessage.objects.get()
    assert message.done_at is None
    assert message.error
