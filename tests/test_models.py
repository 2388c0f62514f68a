"""The database says no: what two requests could break together, it forbids."""

import pytest
from django.db import IntegrityError, transaction

from htmx_checkout.models import Incident, Order, OutboxMessage, Payment, WebhookEvent
from htmx_checkout.models.statuses import (
    ORDER_MOVES,
    PAYMENT_MOVES,
    OrderStatus,
    PaymentStatus,
)

pytestmark = pytest.mark.django_db


def order(**facts):
    given = {"amount": 4200, "currency": "gbp", "shopper": "ada", "fingerprint": "x"}
    return Order.objects.create(**given | facts)


def payment(of, attempt=1, **facts):
    given = {"amount": 4200, "currency": "gbp", "idempotency_key": f"{of.pk}-{attempt}"}
    return Payment.objects.create(order=of, attempt=attempt, **given | facts)


def refuses(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_one_shopper_has_one_current_order_i2():
    order(current_for="ada")
    refuses(lambda: order(current_for="ada"))
    order(current_for=None)
    order(current_for=None)


def test_one_order_has_one_live_payment_i2():
    ours = order()
    payment(ours, 1)
    refuses(lambda: payment(ours, 2))


def test_a_succeeded_payment_is_live_so_no_second_one_can_succeed_i2():
    ours = order()
    payment(ours, 1, status="succeeded")
    refuses(lambda: payment(ours, 2, status="succeeded"))


def test_a_cancelled_payment_makes_room_for_the_next():
    ours = order()
    payment(ours, 1, status="cancelled")
    payment(ours, 2)


@pytest.mark.parametrize("name", ["stripe_id", "idempotency_key"])
def test_an_intent_and_a_key_belong_to_one_payment_i2(name):
    payment(order(), **{name: "same"})
    refuses(lambda: payment(order(), **{name: "same"}))


def test_an_event_is_kept_once_i6():
    WebhookEvent.objects.create(stripe_id="evt_1", type="x", livemode=False)
    refuses(
        lambda: WebhookEvent.objects.create(stripe_id="evt_1", type="x", livemode=False)
    )


def test_a_message_is_staged_once_for_each_order_i3():
    ours = order()
    facts = {"name": "order_paid", "subject": ours.reference, "object_id": ours.pk}
    OutboxMessage.objects.create(order=ours, **facts)
    refuses(lambda: OutboxMessage.objects.create(order=ours, **facts))


def test_an_incident_is_opened_once_for_each_payment():
    ours = payment(order())
    facts = {"payment": ours, "kind": "mismatch", "subject": "pi_1"}
    Incident.objects.create(**facts)
    refuses(lambda: Incident.objects.create(**facts))


@pytest.mark.parametrize("amount", [0, -1])
def test_amounts_are_positive(amount):
    refuses(lambda: order(amount=amount))
    refuses(lambda: payment(order(), amount=amount))


def test_a_status_is_one_of_ours():
    refuses(lambda: order(status="lost"))
    refuses(lambda: payment(order(), status="lost"))


def test_paid_has_a_date_and_nothing_else_has():
    refuses(lambda: order(status="paid"))
    refuses(
        lambda: Order.objects.filter(pk=order().pk).update(paid_at="2026-11-23T12Z")
    )


@pytest.mark.parametrize("status", OrderStatus)
def test_an_order_moves_only_along_the_table_i7(status):
    for wanted in OrderStatus:
        ours = Order(status=status)
        assert ours.move(wanted) == (wanted in ORDER_MOVES[status])
        assert ours.status == (wanted if wanted in ORDER_MOVES[status] else status)


@pytest.mark.parametrize("status", PaymentStatus)
def test_a_payment_moves_only_along_the_table_i7(status):
    for wanted in PaymentStatus:
        ours = Payment(status=status)
        assert ours.move(wanted) == (wanted in PAYMENT_MOVES[status])


def test_nothing_leaves_a_final_state_i7():
    assert not ORDER_MOVES[OrderStatus.PAID]
    assert not PAYMENT_MOVES[PaymentStatus.SUCCEEDED]
    assert not PAYMENT_MOVES[PaymentStatus.CANCELLED]


def test_tokens_have_at_least_128_random_bits_and_are_never_the_same():
    tokens = {order().token for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) * 6 >= 128
