"""Actions of the admin: cancel, try an event or a message again."""

import pytest

from htmx_checkout.models import (
    AuditEntry,
    Order,
)
from tests.support.staff import press

pytestmark = pytest.mark.django_db


def test_an_order_is_cancelled_at_stripe_and_here(till, begun, olive):
    order = begun[1].order
    assert "is cancelled" in press(olive, order, "cancel")
    assert till.intent(begun[1].stripe_id).status == "canceled"
    cancelled = AuditEntry.objects.get(what="order", after="cancelled")
    assert (cancelled.cause, cancelled.caused_by) == ("staff", "olive")


def test_who_cancels_while_the_shopper_pays_learns_that_it_is_paid(till, begun, olive):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    assert "is paid" in press(olive, payment.order, "cancel")


def test_silence_decides_nothing(till, begun, olive):
    till.trouble("reset_before", 2)
    assert "Nothing is decided" in press(olive, begun[1].order, "cancel")
    assert Order.objects.get().is_open
