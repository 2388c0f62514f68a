"""Parked messages are tried again from the admin."""

import pytest

from htmx_checkout import incidents
from htmx_checkout.models import (
    AuditEntry,
    Incident,
    OutboxMessage,
)
from tests.support.staff import clerk, park, press, settled_payment

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_parked_message_is_told_when_a_person_says_so(till, begun, heard):
    message = request_parked(till, begun)
    olive = clerk("operate_order")
    heard.clear()
    assert "All receivers were called" in press(olive, message, "retry")
    assert heard == [message.order.reference]
    entry = AuditEntry.objects.filter(what="message").last()
    assert (entry.before, entry.after, entry.caused_by) == ("parked", "due", "olive")


def request_parked(till, begun):
    payment = settled_payment(till, begun)
    message = OutboxMessage.objects.get(name="order_paid")
    OutboxMessage.objects.filter(pk=message.pk).update(done_at=None, heard=[])
    park(message)
    message.refresh_from_db()
    assert payment.order.is_paid
    return message


def test_a_message_that_is_parked_again_is_told_again(parked):
    incidents.close(Incident.objects.get(kind="parked_message"), "looked at")
    park(parked)
    assert Incident.objects.filter(closed_at=None).count() == 1
