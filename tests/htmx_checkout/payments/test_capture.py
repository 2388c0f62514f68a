"""Held money: captured, or released."""

import pytest

from htmx_checkout.exceptions import CaptureRefused
from htmx_checkout.models import (
    Incident,
    OutboxMessage,
)
from htmx_checkout.payments import cancel, capture
from tests.support.refunds import act

pytestmark = pytest.mark.django_db(transaction=True)


def test_held_money_is_no_paid_order_and_the_host_hears_of_it(held, heard):
    assert (held.status, held.amount_capturable) == ("authorised", 4200)
    assert held.capture_before is not None
    assert heard == []
    assert OutboxMessage.objects.get().name == "order_authorised"


def test_captured_money_pays(held, heard):
    assert capture.capture(held).is_paid
    assert heard == [held.order.reference]


def test_a_capture_whose_answer_was_lost_captures_once_f20(till, held):
    till.trouble("reset_after", 2)
    with pytest.raises(Exception, match="APIConnectionError"):
        capture.capture(held)
    assert capture.capture(held).is_paid
    assert till.intent(held.stripe_id).amount_received == 4200


def test_a_part_that_is_captured_is_no_paid_order_f77(held):
    order = capture.capture(held, 4000)
    assert not order.is_paid
    assert Incident.objects.get().kind == "mismatch"


@pytest.mark.parametrize("amount", [0, 4201])
def test_no_more_is_captured_than_is_held_f77(till, held, amount):
    till.forget_calls()
    with pytest.raises(CaptureRefused):
        capture.capture(held, amount)
    assert till.calls() == []


def test_held_money_that_is_let_go_cancels_the_order(till, held):
    assert cancel.cancel(held.order).is_cancelled
    assert till.intent(held.stripe_id).status == "canceled"


def test_a_hold_that_lapsed_is_not_captured(till, held):
    act(till, "expire_hold", id=held.stripe_id)
    assert capture.capture(held).is_cancelled
