"""Transactions: tried again from the top where the database asks for it."""

import pytest
from django.db import OperationalError, connection, transaction

from htmx_checkout.core import transactions
from htmx_checkout.models import WebhookEvent

pytestmark = pytest.mark.django_db(transaction=True)


def failing(times):
    """Work that writes a row and then fails ``times`` times, as a deadlock does."""
    left = [times]

    def work():
        WebhookEvent.objects.create(stripe_id="evt_1", type="x", livemode=False)
        if left[0]:
            left[0] -= 1
            raise OperationalError("deadlock detected")
        return "done"

    return work


def test_a_deadlock_is_tried_again_and_leaves_one_row_f53_f54():
    assert transactions.retried(failing(2))() == "done"
    assert WebhookEvent.objects.count() == 1


def test_a_connection_that_was_lost_is_made_anew_f55():
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        # As a server that went away leaves it. SQLite has none to lose.
        connection.connection.close()
    assert transactions.retried(failing(0))() == "done"
    assert WebhookEvent.objects.count() == 1


def test_it_gives_up_in_the_end_and_leaves_nothing():
    with pytest.raises(OperationalError):
        transactions.retried(failing(99))()
    assert not WebhookEvent.objects.exists()


def test_inside_a_transaction_only_the_caller_can_start_over():
    work = failing(1)
    with pytest.raises(OperationalError), transaction.atomic():
        transactions.retried(work)()
    assert not WebhookEvent.objects.exists()
    assert not connection.in_atomic_block


def test_other_errors_are_not_tried_again():
    calls = []

    def work():
        calls.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transactions.retried(work)()
    assert len(calls) == 1
