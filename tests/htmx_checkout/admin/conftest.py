"""Staff, and what waits for them in the admin."""

import pytest

from htmx_checkout import signals
from htmx_checkout.models import (
    Incident,
    OutboxMessage,
    WebhookEvent,
)
from tests.support.cast import post_event
from tests.support.staff import (
    clerk,
    park,
    sent,
    settled_payment,
)


@pytest.fixture
def olive(db):
    return clerk("refund_order", "capture_order", "operate_order")


@pytest.fixture
def bought(till, begun):
    payment = settled_payment(till, begun)
    till.forget_calls()
    return payment


@pytest.fixture
def open_incident(begun):
    facts = {"order": begun[1].order, "payment": begun[1], "currency": "gbp"}
    return Incident.objects.create(
        kind="late", subject="pi_1", detail="late", amount=4200, **facts
    )


@pytest.fixture
def parked(till, begun):
    """A message whose receiver was broken, until now."""

    def broken(**kwargs):
        raise RuntimeError

    signals.order_paid.connect(broken)
    payment = settled_payment(till, begun)
    signals.order_paid.disconnect(broken)
    message = OutboxMessage.objects.get(name="order_paid")
    park(message)
    message.refresh_from_db()
    assert payment.order.is_paid
    return message


@pytest.fixture
def undecided(till, begun):
    """An event that came while Stripe was silent."""
    _ada, payment = begun
    till.pay(payment.stripe_id)
    succeeded = sent(till, "payment_intent.succeeded")
    till.trouble("reset_before", 2)
    assert post_event(succeeded).status_code == 503
    till.reset_faults()
    return WebhookEvent.objects.get()
