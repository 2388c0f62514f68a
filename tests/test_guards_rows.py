"""Guards of the rows and the desk: red as soon as one is removed."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from htmx_checkout.models import Order, Payment
from tests.cast import ADA

pytestmark = pytest.mark.django_db


def test_an_order_with_payments_cannot_be_deleted_i18(till, begun):
    with pytest.raises(ProtectedError):
        Order.objects.all().delete()


@pytest.mark.parametrize("name", ["token", "reference"])
def test_a_token_and_a_reference_belong_to_one_order(name):
    facts = {"amount": 1, "currency": "gbp", "shopper": "x", "fingerprint": "x"}
    Order.objects.create(**facts, **{name: "same"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.create(**facts, **{name: "same"})


def test_an_attempt_has_its_number_once():
    order = Order.objects.create(
        amount=1, currency="gbp", shopper="x", fingerprint="x", email=ADA
    )
    facts = {"order": order, "attempt": 1, "amount": 1, "currency": "gbp"}
    Payment.objects.create(**facts, idempotency_key="a", status="cancelled")
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(**facts, idempotency_key="b", status="cancelled")


def test_the_desk_shows_no_credential_and_changes_nothing_s18(
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
