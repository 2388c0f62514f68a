"""An outbox message is written with its fact, or not at all."""

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from htmx_checkout import outbox
from htmx_checkout.models import (
    OutboxMessage,
)
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import sync
from tests.support.receivers import staged


@pytest.mark.django_db(transaction=True)
def test_a_task_is_kept_with_its_fact_or_not_at_all_f12(order, queue):
    with transaction.atomic():
        staged(order)
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_task_is_written_together_with_its_fact_f13(till, begun, settings):
    """And not after the commit, where a process can die."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    _ada, payment = begun
    with transaction.atomic():
        outbox.add(outbox.Name.ORDER_PAID, "x", payment.order_id, payment.order)
        assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_is_done_is_not_sent_again_i3(till, begun, heard):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    deliver.deliver(OutboxMessage.objects.get().pk)
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_staging_twice_sends_once_i3(till, begun, heard):
    _ada, payment = begun
    staged(payment.order)
    staged(payment.order)
    assert len(heard) == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_cannot_be_sent_does_not_look_like_a_payment_that_failed(
    till, begun, caplog
):
    """Its row is gone by then, say; the transaction before is committed."""
    _ada, payment = begun
    with transaction.atomic():
        staged(payment.order)
        OutboxMessage.objects.update(object_id=0)
    assert "DoesNotExist" in caplog.text
