"""Who may look at the admin's pages, and who may act."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from htmx_checkout.models import (
    Refund,
)
from tests.support.staff import clerk, press, said, settled_payment, url

pytestmark = pytest.mark.django_db


def test_who_may_not_see_an_order_sees_none(till, begun):
    payment = settled_payment(till, begun)
    mallory = clerk(name="mallory")
    mallory_user = mallory.get(reverse("admin:index")).wsgi_request.user
    mallory_user.user_permissions.clear()
    for name in ("change", "explain", "cancel", "ask"):
        assert mallory.get(url(payment.order, name)).status_code == 403
    assert Client().get(url(payment.order, "explain")).status_code == 302


def test_who_may_not_settle_asks_about_none(till, begun):
    mallory = clerk(name="mallory")
    several = reverse("admin:htmx_checkout_order_ask_several")
    sent = {"order": [begun[1].order.pk]}
    assert mallory.get(several, sent).status_code == 403
    assert mallory.post(several, sent).status_code == 403
    listed = mallory.get(reverse("admin:htmx_checkout_order_changelist"))
    assert "ask_again" not in listed.text


@pytest.mark.parametrize(
    ("scene", "act"),
    [("open_incident", "close"), ("undecided", "again"), ("parked", "retry")],
)
def test_who_may_not_settle_takes_nothing_up(request, scene, act):
    row = request.getfixturevalue(scene)
    mallory = clerk("refund_order", "capture_order", name="mallory")
    assert url(row, act) not in mallory.get(url(row)).text
    assert mallory.post(url(row, act), {"reason": "x"}).status_code == 403


ACTS = [
    ("refund", "refund_order", "bought"),
    ("capture", "capture_order", "held"),
    ("ask", "operate_order", "bought"),
]


@pytest.mark.parametrize(("act", "permission", "scene"), ACTS)
def test_without_the_permission_there_is_no_button_and_no_way(
    request, till, act, permission, scene
):
    payment = request.getfixturevalue(scene)
    others = {"refund_order", "capture_order", "operate_order"} - {permission}
    mallory = clerk(*others, name="mallory")
    till.forget_calls()
    assert url(payment, act) not in mallory.get(url(payment)).text
    assert url(payment, act) not in mallory.get(url(payment.order)).text
    assert mallory.get(url(payment, act)).status_code == 403
    assert mallory.post(url(payment, act), {"sure": "yes"}).status_code == 403
    assert till.calls() == []


@pytest.mark.parametrize(
    ("act", "permission"),
    [
        ("cancel", "operate_order"),
        ("release", "capture_order"),
        ("ask", "operate_order"),
    ],
)
def test_an_order_is_ended_by_who_may(till, begun, act, permission):
    order = begun[1].order
    others = {"refund_order", "capture_order", "operate_order"} - {permission}
    mallory = clerk(*others, name="mallory")
    assert mallory.post(url(order, act), {}).status_code == 403
    order.refresh_from_db()
    assert order.is_open


def test_the_permission_alone_does_not_open_the_page(till, bought):
    mallory = clerk("refund_order", name="mallory")
    user = mallory.get(reverse("admin:index")).wsgi_request.user
    user.user_permissions.remove(*user.user_permissions.filter(codename="view_payment"))
    assert mallory.get(url(bought, "refund")).status_code == 403


def test_a_forged_form_is_refused_s7(bought, olive):
    olive.handler.enforce_csrf_checks = True
    sent = {"amount": "1", "number": "AAAAA-AAAAA", "sure": "yes", "reason": ""}
    assert olive.post(url(bought, "refund"), sent).status_code == 403
    assert Refund.objects.count() == 0


def test_looking_does_nothing(till, bought, olive):
    for row, act in [(bought, "refund"), (bought, "ask"), (bought.order, "ask")]:
        olive.get(url(row, act))
    assert till.calls() == []


@pytest.mark.django_db(transaction=True)
def test_a_transaction_for_each_request_keeps_no_act_from_asking_stripe_i12(
    till, begun
):
    payment = settled_payment(till, begun)
    olive = clerk("refund_order", "operate_order")
    held = connection.settings_dict["ATOMIC_REQUESTS"]
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    try:
        assert "is paid back" in press(olive, payment, "refund", amount="1")
        assert "is paid" in press(olive, payment.order, "ask")
        several = reverse("admin:htmx_checkout_order_ask_several")
        sent = olive.post(several, {"order": payment.order.pk})
        assert "asked about 1 order" in said(olive.get(sent.url))
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = held
