"""Disputes: kept as Stripe says, told once."""

import pytest

from htmx_checkout import gateway
from htmx_checkout.models import (
    Dispute,
    Incident,
    Order,
    OutboxMessage,
)
from htmx_checkout.payments import settle, sync
from stripe_standin.desk import actions
from tests.support.cast import event, post_event
from tests.support.refunds import act

pytestmark = pytest.mark.django_db(transaction=True)


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
        settle.keep(paid, settle.Snapshots(dispute=facts))
    assert Dispute.objects.get().status == "won"


@pytest.fixture
def disputed(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    act(till, "dispute", id=payment.stripe_id)
    return payment, till.client.v1.disputes.list().data[0].id


def tell(till, kind, stripe_id, id="evt_1"):
    held = till.client.v1.disputes.retrieve(stripe_id).to_dict()
    return post_event(event(f"charge.dispute.{kind}", held, id=id))


def test_a_dispute_is_kept_and_the_host_hears_of_it_once_f81(till, disputed):
    payment, name = disputed
    tell(till, "created", name)
    tell(till, "funds_withdrawn", name, "evt_2")
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.amount) == ("open", 4200)
    assert dispute.payment == payment
    assert OutboxMessage.objects.filter(name="dispute_opened").count() == 1


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_dispute_ends_as_the_bank_decides_f81(till, disputed, outcome):
    _payment, name = disputed
    tell(till, "created", name)
    act(till, "decide_dispute", id=name, status=outcome)
    tell(till, "closed", name, "evt_2")
    dispute = Dispute.objects.get()
    assert (dispute.status, dispute.closed_at is not None) == (outcome, True)
    assert [(row.before, row.after) for row in rows("dispute")] == [
        ("", "open"),
        ("open", outcome),
    ]


def rows(what):
    return Order.objects.get().audit_entries.filter(what=what).order_by("pk")


def test_an_old_answer_reopens_no_dispute_i7(till, disputed):
    payment, name = disputed
    early = gateway.dispute(name)
    act(till, "decide_dispute", id=name, status="won")
    tell(till, "closed", name)
    settle.keep(payment, settle.Snapshots(dispute=early))
    assert Dispute.objects.get().status == "won"


def test_money_that_leaves_twice_is_told_f81(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    till.client.v1.refunds.create({"payment_intent": payment.stripe_id})
    charge = till.client.v1.charges.list().data[0].to_dict()
    post_event(event("charge.refunded", charge, id="evt_0"))
    act(till, "dispute", id=payment.stripe_id)
    tell(till, "created", till.client.v1.disputes.list().data[0].id)
    assert Incident.objects.get(closed_at=None).kind == "outflow"
