"""The admin's pages: what they show, and how many statements they take."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from htmx_checkout.models import (
    AuditEntry,
    Dispute,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
    WebhookEvent,
)
from tests.support.readme import ROOT
from tests.support.staff import settled_payment, url

pytestmark = pytest.mark.django_db


MODELS = [
    Order,
    Payment,
    Refund,
    Dispute,
    WebhookEvent,
    OutboxMessage,
    Incident,
    AuditEntry,
]


each_model = pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)


SECRETS = {"token", "shopper", "current_for", "idempotency_key", "fingerprint"}


def make(number):
    """One row of each model, which belong together."""
    now, name = timezone.now(), f"{number:03}"
    order = Order.objects.create(
        amount=4200,
        currency="gbp",
        shopper=f"digest-{name}",
        current_for=f"digest-{name}",
        token=f"token-{name}",
        fingerprint="x",
        lines=[{"name": "Ink", "amount": 4200, "quantity": 1, "note": ""}],
    )
    money = {"amount": 4200, "currency": "gbp"}
    payment = Payment.objects.create(
        order=order,
        attempt=1,
        idempotency_key=f"key-{name}",
        stripe_id=f"pi_{name}",
        status="succeeded",
        amount_received=4200,
        **money,
    )
    refund = {"payment": payment, "wanted_by": "olive", "stripe_id": f"re_{name}"}
    Refund.objects.create(idempotency_key=f"refund-key-{name}", **refund, **money)
    Dispute.objects.create(
        payment=payment, stripe_id=f"dp_{name}", status="open", due_by=now, **money
    )
    WebhookEvent.objects.create(
        stripe_id=f"evt_{name}", type="x", intent_id=f"pi_{name}", livemode=False
    )
    OutboxMessage.objects.create(
        name="order_paid", subject=name, order=order, object_id=order.pk
    )
    facts = {"order": order, "payment": payment} | money
    Incident.objects.create(kind="late", subject=name, **facts)
    AuditEntry(what="order", after="paid", cause="webhook", **facts).save()


def changelist(model):
    return reverse(f"admin:htmx_checkout_{model._meta.model_name}_changelist")


def statements(client, model):
    with CaptureQueriesContext(connection) as asked:
        page = client.get(changelist(model))
    assert page.context["cl"].result_count == model.objects.count()
    return len(asked)


def test_a_list_asks_as_often_for_thirty_rows_as_for_three(admin_client):
    counts = []
    for more in (range(3), range(3, 30)):
        for number in more:
            make(number)
        for model in MODELS:
            admin_client.get(changelist(model))
        counts.append({model: statements(admin_client, model) for model in MODELS})
    assert counts[0] == counts[1]


@each_model
def test_each_page_opens_and_changes_nothing(admin_client, model):
    make(1)
    row = model.objects.get()
    page = admin_client.get(url(row))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    assert admin_client.post(url(row), {}).status_code == 403
    assert admin_client.post(url(row, "delete"), {"post": "yes"}).status_code == 403
    add = reverse(f"admin:htmx_checkout_{model._meta.model_name}_add")
    assert admin_client.post(add, {}).status_code == 403


@each_model
def test_no_page_shows_a_credential_s18(admin_client, model):
    make(1)
    pages = [changelist(model), url(model.objects.get())]
    for page in pages:
        text = admin_client.get(page).text
        for secret in ("digest-001", "token-001", "key-001"):
            assert secret not in text


@each_model
def test_no_field_of_a_page_is_one_that_is_hidden_s18(model):
    held = admin.site.get_model_admin(model)
    assert SECRETS.isdisjoint(flatten_fieldsets(held.get_fieldsets(None)))
    assert not set(held.list_display) & SECRETS


@each_model
def test_an_amount_is_shown_as_money(admin_client, model):
    make(1)
    for page in (changelist(model), url(model.objects.get())):
        assert "4200" not in admin_client.get(page).text


@each_model
def test_a_search_finds_what_is_there(admin_client, model):
    if not admin.site.get_model_admin(model).search_fields:
        return
    make(1)
    make(2)
    assert admin_client.get(changelist(model), {"q": "Zebra"}).status_code == 200


@pytest.mark.parametrize("state", ["waiting", "parked", "done", "open"])
@pytest.mark.parametrize("model", [WebhookEvent, OutboxMessage, Incident])
def test_a_state_can_be_filtered_by(admin_client, model, state):
    make(1)
    page = admin_client.get(changelist(model), {"state": state})
    assert page.status_code == 200
    is_there = state in ("waiting", "open") or state not in known(page)
    assert (page.context["cl"].result_count == 1) == is_there


def known(page):
    (state, *_more) = page.context["cl"].filter_specs
    return dict(state.lookup_choices)


def test_a_cause_can_be_filtered_by(admin_client):
    make(1)
    for query, count in [({"cause": "webhook"}, 1), ({"what": "refund"}, 0)]:
        page = admin_client.get(changelist(AuditEntry), query)
        assert page.context["cl"].result_count == count


def test_a_page_shows_the_buttons_that_fit(till, begun, admin_client):
    _ada, payment = begun
    order = payment.order
    before = admin_client.get(url(order)).text
    assert url(order, "cancel") in before
    assert url(payment, "refund") not in before
    settled_payment(till, begun)
    after = admin_client.get(url(order)).text
    assert url(order, "cancel") not in after
    assert url(payment, "refund") in after
    assert url(order, "explain") in after


def test_the_admin_works_under_a_policy_as_strict_as_the_shops(
    till, begun, admin_client
):
    payment = settled_payment(till, begun)
    for page in (url(payment, "refund"), url(payment.order, "explain")):
        response = admin_client.get(page)
        assert "'unsafe-inline'" not in response["Content-Security-Policy"]
        inline = re.findall(r"<(?:script|style)(?![^>]*nonce)[^>]*>", response.text)
        assert inline == []
        assert " style=" not in response.text.split('<div id="content"')[1]


def test_our_style_sheet_uses_the_admins_own_properties():
    theirs = Path(admin.__file__).parent / "static/admin/css/base.css"
    known = set(re.findall(r"(--[\w-]+):", theirs.read_text()))
    ours = (ROOT / "static/htmx_checkout/admin/admin.css").read_text()
    assert set(re.findall(r"var\((--[\w-]+)", ours)) <= known
