"""Held money is captured or released in the admin."""

import pytest

from htmx_checkout.models import AuditEntry, Incident, Order
from tests.support.staff import fill, press, url

pytestmark = pytest.mark.django_db


def test_held_money_is_taken(till, held, olive):
    assert "is paid" in press(olive, held, "capture")
    order = Order.objects.get()
    assert order.is_paid
    paid_by = AuditEntry.objects.get(what="order", after="paid")
    assert (paid_by.cause, paid_by.caused_by) == ("staff", "olive")


def test_who_takes_a_part_is_told_that_it_pays_no_order(till, held, olive):
    _data, page = fill(olive, held, "capture", amount="30")
    assert "The rest is released" in page.text
    assert "does not make it paid" in page.text
    assert "is not paid by it" in press(olive, held, "capture", amount="30")
    assert Incident.objects.get().kind == "mismatch"


def test_silence_after_a_capture_is_told_as_unknown(till, held, olive):
    till.trouble("reset_after", 2)
    assert "is not known" in press(olive, held, "capture")
    assert "is succeeded" in press(olive, held, "ask")


def test_held_money_is_let_go_and_the_order_cancelled(till, held, olive):
    page = olive.get(url(held.order))
    assert url(held.order, "release") in page.text
    assert url(held.order, "cancel") not in page.text
    assert "is cancelled" in press(olive, held.order, "release")
    assert till.intent(held.stripe_id).status == "canceled"
