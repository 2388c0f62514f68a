"""What the database refuses, whoever asks."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from htmx_checkout import audit, outbox
from htmx_checkout.models import (
    AuditEntry,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
    WebhookEvent,
)
from htmx_checkout.models.statuses import (
    ORDER_MOVES,
    PAYMENT_MOVES,
    OrderStatus,
    PaymentStatus,
)
from tests.support.cast import (
    ADA,
)


@pytest.mark.django_db(transaction=True)
def test_no_more_is_paid_back_than_came_i1(paid):
    Payment.objects.update(amount_refunded=4200)
    for amount in (4201, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.update(amount_refunded=amount)


@pytest.mark.django_db(transaction=True)
def test_a_payment_that_was_given_up_makes_room_for_one_more_i2(begun):
    _ada, payment = begun
    Payment.objects.update(status="given_up")
    facts = {"order": payment.order, "amount": 4200, "currency": "gbp"}
    Payment.objects.create(attempt=2, idempotency_key="b", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(attempt=3, idempotency_key="c", **facts)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "wrong",
    [{"amount": 0}, {"status": "gone"}, {"idempotency_key": None}],
    ids=["amount", "status", "nameless"],
)
def test_a_refund_is_of_something_and_has_a_name(paid, wrong):
    right = {"amount": 1, "currency": "gbp", "wanted_by": "x", "idempotency_key": "a"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.create(payment=paid, **right | wrong)
    Refund.objects.create(payment=paid, **right)


@pytest.mark.django_db(transaction=True)
def test_a_refund_of_stripes_and_a_key_are_kept_once(paid):
    facts = {"payment": paid, "amount": 1, "currency": "gbp", "wanted_by": "x"}
    once = {"stripe_id": "re_1", "idempotency_key": "a", "number": "AAAAA-AAAAA"}
    Refund.objects.create(**facts, **once)
    for name, value in once.items():
        others = {"stripe_id": "re_2", "idempotency_key": "b"} | {name: value}
        with pytest.raises(IntegrityError), transaction.atomic():
            Refund.objects.create(**facts, **others)


@pytest.mark.django_db(transaction=True)
def test_an_incident_is_closed_with_a_reason(begun):
    told = Incident.objects.create(kind="stray", subject="pi_1", detail="x")
    told.closed_at = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        told.save()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["mismatch", "stray"])
def test_an_incident_is_open_once_for_each_subject(kind):
    Incident.objects.create(kind=kind, subject="pi_1", detail="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(kind=kind, subject="pi_1", detail="y")


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_name_and_a_subject_is_there_once_i3(begun):
    facts = {"name": outbox.Name.ORDER_REFUNDED, "object_id": 1}
    OutboxMessage.objects.create(subject="re_1", **facts)
    OutboxMessage.objects.create(subject="re_2", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMessage.objects.create(subject="re_1", **facts)


@pytest.mark.django_db(transaction=True)
def test_the_audit_log_is_only_added_to_i18(begun):
    audit.note("order", "", "open")
    row = AuditEntry.objects.latest("pk")
    for change in (
        row.save,
        row.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(note="x"),
        lambda: AuditEntry.objects.bulk_update([row], ["note"]),
    ):
        with pytest.raises(TypeError, match="audit log is not"):
            change()
    assert AuditEntry.objects.get(pk=row.pk).note == ""


@pytest.mark.django_db
def test_an_order_with_payments_cannot_be_deleted_i18(till, begun):
    with pytest.raises(ProtectedError):
        Order.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["token", "reference"])
def test_a_token_and_a_reference_belong_to_one_order(name):
    facts = {"amount": 1, "currency": "gbp", "shopper": "x", "fingerprint": "x"}
    Order.objects.create(**facts, **{name: "same"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.create(**facts, **{name: "same"})


@pytest.mark.django_db
def test_an_attempt_has_its_number_once():
    order = Order.objects.create(
        amount=1, currency="gbp", shopper="x", fingerprint="x", email=ADA
    )
    facts = {"order": order, "attempt": 1, "amount": 1, "currency": "gbp"}
    Payment.objects.create(**facts, idempotency_key="a", status="cancelled")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(**facts, idempotency_key="b", status="cancelled")


@pytest.mark.django_db
def test_the_admin_shows_no_credential_and_changes_nothing_s18(
    till, begun, admin_client
):
    _ada, payment = begun
    order = payment.order
    page = reverse("admin:htmx_checkout_order_change", args=[order.pk])
    html = admin_client.get(page).content.decode()
    assert order.reference in html
    assert order.token not in html
    assert order.shopper not in html
    assert admin_client.post(page, {"status": "paid"}).status_code == 403
    gone = reverse("admin:htmx_checkout_order_delete", args=[order.pk])
    assert admin_client.post(gone, {"post": "yes"}).status_code == 403
    made = reverse("admin:htmx_checkout_order_add")
    assert admin_client.post(made, {}).status_code == 403


def order(**facts):
    given = {"amount": 4200, "currency": "gbp", "shopper": "ada", "fingerprint": "x"}
    return Order.objects.create(**given | facts)


def payment(of, attempt=1, **facts):
    given = {"amount": 4200, "currency": "gbp", "idempotency_key": f"{of.pk}-{attempt}"}
    return Payment.objects.create(order=of, attempt=attempt, **given | facts)


def refuses(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


@pytest.mark.django_db
def test_one_shopper_has_one_current_order_i2():
    order(current_for="ada")
    refuses(lambda: order(current_for="ada"))
    order(current_for=None)
    order(current_for=None)


@pytest.mark.django_db
def test_one_order_has_one_live_payment_i2():
    ours = order()
    payment(ours, 1)
    refuses(lambda: payment(ours, 2))


@pytest.mark.django_db
def test_a_succeeded_payment_is_live_so_no_second_one_can_succeed_i2():
    ours = order()
    payment(ours, 1, status="succeeded")
    refuses(lambda: payment(ours, 2, status="succeeded"))


@pytest.mark.django_db
def test_a_cancelled_payment_makes_room_for_the_next():
    ours = order()
    payment(ours, 1, status="cancelled")
    payment(ours, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["stripe_id", "idempotency_key"])
def test_an_intent_and_a_key_belong_to_one_payment_i2(name):
    payment(order(), **{name: "same"})
    refuses(lambda: payment(order(), **{name: "same"}))


@pytest.mark.django_db
def test_an_event_is_kept_once_i6():
    WebhookEvent.objects.create(stripe_id="evt_1", type="x", livemode=False)
    refuses(
        lambda: WebhookEvent.objects.create(stripe_id="evt_1", type="x", livemode=False)
    )


@pytest.mark.django_db
def test_a_message_is_staged_once_for_each_order_i3():
    ours = order()
    facts = {"name": "order_paid", "subject": ours.reference, "object_id": ours.pk}
    OutboxMessage.objects.create(order=ours, **facts)
    refuses(lambda: OutboxMessage.objects.create(order=ours, **facts))


@pytest.mark.django_db
def test_an_incident_is_opened_once_for_each_payment():
    ours = payment(order())
    facts = {"payment": ours, "kind": "mismatch", "subject": "pi_1"}
    Incident.objects.create(**facts)
    refuses(lambda: Incident.objects.create(**facts))


@pytest.mark.django_db
@pytest.mark.parametrize("amount", [0, -1])
def test_amounts_are_positive(amount):
    refuses(lambda: order(amount=amount))
    refuses(lambda: payment(order(), amount=amount))


@pytest.mark.django_db
def test_a_status_is_one_of_ours():
    refuses(lambda: order(status="lost"))
    refuses(lambda: payment(order(), status="lost"))


@pytest.mark.django_db
def test_paid_has_a_date_and_nothing_else_has():
    refuses(lambda: order(status="paid"))
    refuses(
        lambda: Order.objects.filter(pk=order().pk).update(paid_at="2026-11-23T12Z")
    )


@pytest.mark.django_db
@pytest.mark.parametrize("status", OrderStatus)
def test_an_order_moves_only_along_the_table_i7(status):
    for wanted in OrderStatus:
        ours = Order(status=status)
        assert ours.move(wanted) == (wanted in ORDER_MOVES[status])
        assert ours.status == (wanted if wanted in ORDER_MOVES[status] else status)


@pytest.mark.django_db
@pytest.mark.parametrize("status", PaymentStatus)
def test_a_payment_moves_only_along_the_table_i7(status):
    for wanted in PaymentStatus:
        ours = Payment(status=status)
        assert ours.move(wanted) == (wanted in PAYMENT_MOVES[status])


@pytest.mark.django_db
def test_nothing_leaves_a_final_state_i7():
    assert not ORDER_MOVES[OrderStatus.PAID]
    assert not PAYMENT_MOVES[PaymentStatus.SUCCEEDED]
    assert not PAYMENT_MOVES[PaymentStatus.CANCELLED]


@pytest.mark.django_db
def test_tokens_have_at_least_128_random_bits_and_are_never_the_same():
    tokens = {order().token for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) * 6 >= 128
