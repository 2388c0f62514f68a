"""At the desk money is paid back, taken and let go: once, and by who may."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse

from htmx_checkout.exceptions import RefundRefused
from htmx_checkout.models import AuditEntry, Incident, Order, Payment, Refund
from htmx_checkout.payments import refund as refunding
from htmx_checkout.payments import sync
from tests.cast import open_payment, shopper
from tests.desk import clerk, fill, paid, press, said, url

pytestmark = pytest.mark.django_db


def refund_calls(till):
    return [verb for verb in till.verbs() if verb == "POST /v1/refunds"]


@pytest.fixture
def bought(till, begun):
    payment = paid(till, begun)
    till.forget_calls()
    return payment


@pytest.fixture
def olive(db):
    return clerk("refund_order", "capture_order", "settle_order")


# --- Money goes back ---------------------------------------------------------


def test_a_part_is_paid_back_and_the_trail_says_by_whom(till, bought, olive):
    text = press(olive, bought, "refund", amount="12.34", reason="duplicate")
    assert "£12.34 is paid back" in text
    made = Refund.objects.get()
    assert (made.amount, made.reason, made.wanted_by) == (1234, "duplicate", "olive")
    moves = AuditEntry.objects.filter(what="refund")
    assert {(move.cause, move.caused_by) for move in moves} == {("staff", "olive")}
    entry = LogEntry.objects.get()
    assert "£12.34" in entry.get_change_message()
    assert entry.user.get_username() == "olive"


def test_all_that_is_left_is_offered_first(till, bought, olive):
    refunding.refund(bought, 200)
    assert "£40.00 is paid back" in press(olive, bought, "refund")


def test_the_second_page_says_in_words_what_will_happen(till, bought, olive):
    _data, page = fill(olive, bought, "refund", amount="12")
    assert "£12.00 goes back to the shopper" in page.text
    assert "£30.00 is left" in page.text
    assert "Pay £12.00 back" in page.text
    assert refund_calls(till) == []


@pytest.mark.parametrize(
    "typed", ["42.01", "0", "-1", "0.001", "NaN", "1e9", "", "£5", "Infinity"]
)
def test_an_amount_that_is_not_to_be_had_is_refused(till, bought, olive, typed):
    _data, page = fill(olive, bought, "refund", amount=typed)
    assert page.status_code == 422
    assert page.context["form"].errors["amount"]
    assert refund_calls(till) == []


def test_a_form_that_is_sent_twice_pays_back_once(till, bought, olive):
    data, _page = fill(olive, bought, "refund", amount="12")
    for _again in range(2):
        page = olive.post(url(bought, "refund"), data | {"sure": "yes"})
        assert "£12.00 is paid back" in said(olive.get(page.url))
    assert len(refund_calls(till)) == 1
    assert Refund.objects.get().amount == 1200


def test_a_form_that_pays_all_back_may_be_sent_twice_too(till, bought, olive):
    data, _page = fill(olive, bought, "refund")
    for _again in range(2):
        page = olive.post(url(bought, "refund"), data | {"sure": "yes"})
        assert "£42.00 is paid back" in said(olive.get(page.url))
    assert len(refund_calls(till)) == 1


def test_the_same_form_with_another_amount_pays_nothing_more_back(till, bought, olive):
    data, _page = fill(olive, bought, "refund", amount="12")
    olive.post(url(bought, "refund"), data | {"sure": "yes"})
    changed = data | {"sure": "yes", "amount": "13"}
    olive.post(url(bought, "refund"), changed)
    assert len(refund_calls(till)) == 1
    assert Refund.objects.get().amount == 1200


def test_a_number_is_the_same_refund_for_everybody(till, bought):
    one = refunding.refund(bought, 500, number="AAAAA-AAAAA")
    assert refunding.refund(bought, 500, number="AAAAA-AAAAA").pk == one.pk
    assert refunding.refund(bought, number="AAAAA-AAAAA").pk == one.pk
    with pytest.raises(RefundRefused, match=r"£5\.00 has this number"):
        refunding.refund(bought, 600, number="AAAAA-AAAAA")
    assert len(refund_calls(till)) == 1


def test_silence_is_told_as_planned_and_the_same_form_repeats_it(till, bought, olive):
    data, _page = fill(olive, bought, "refund", amount="12")
    till.trouble("reset_after", 2, path="/v1/refunds")
    page = olive.post(url(bought, "refund"), data | {"sure": "yes"})
    text = said(olive.get(page.url))
    assert "Do not refund again" in text
    assert Refund.objects.get().status == "creating"
    assert "Do not refund again" in LogEntry.objects.get().get_change_message()
    page = olive.post(url(bought, "refund"), data | {"sure": "yes"})
    assert "£12.00 is paid back" in said(olive.get(page.url))
    assert Refund.objects.count() == 1


def test_a_planned_refund_can_be_repeated_from_its_own_page(till, bought, olive):
    till.trouble("reset_before", 2, path="/v1/refunds")
    press(olive, bought, "refund", amount="12")
    made = Refund.objects.get()
    assert url(made, "repeat") in olive.get(url(made)).text
    assert "£12.00 is paid back" in press(olive, made, "repeat")
    assert url(made, "repeat") not in olive.get(url(made)).text


def test_stripes_no_is_told_as_one(till, bought, olive):
    # Paid back in Stripe's dashboard meanwhile.
    till.client.v1.refunds.create({"payment_intent": bought.stripe_id})
    text = press(olive, bought, "refund", amount="12")
    assert "Nothing was paid back" in text
    assert Refund.objects.get(wanted_by="olive").status == "failed"


def test_what_is_gone_already_cannot_be_paid_back(till, bought, olive):
    refunding.refund(bought)
    page = olive.get(url(bought, "refund"))
    assert "cannot be done any more" in said(olive.get(page.url))


def test_a_yen_has_no_decimals_and_is_not_multiplied(till, olive):
    order = Order.objects.create(
        amount=500, currency="jpy", shopper="ada", fingerprint="x"
    )
    payment = Payment.objects.create(
        order=order,
        attempt=1,
        amount=500,
        currency="jpy",
        amount_received=500,
        stripe_id="pi_yen",
        status="succeeded",
        idempotency_key="yen",
    )
    _data, page = fill(olive, payment, "refund", amount="12.5")
    assert page.status_code == 422
    _data, page = fill(olive, payment, "refund", amount="125")
    assert "¥125 goes back" in page.text.replace("JP¥", "¥")


# --- Held money --------------------------------------------------------------


@pytest.fixture
def held(till, settings, db):
    settings.CHECKOUT = settings.CHECKOUT | {"CAPTURE_METHOD": "manual"}
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    payment.refresh_from_db()
    assert payment.status == "authorised"
    return payment


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


# --- Who may -----------------------------------------------------------------


ACTS = [
    ("refund", "refund_order", "bought"),
    ("capture", "capture_order", "held"),
    ("ask", "settle_order", "bought"),
]


@pytest.mark.parametrize(("act", "permission", "scene"), ACTS)
def test_without_the_permission_there_is_no_button_and_no_way(
    request, till, act, permission, scene
):
    payment = request.getfixturevalue(scene)
    others = {"refund_order", "capture_order", "settle_order"} - {permission}
    mallory = clerk(*others, name="mallory")
    till.forget_calls()
    assert url(payment, act) not in mallory.get(url(payment)).text
    assert url(payment, act) not in mallory.get(url(payment.order)).text
    assert mallory.get(url(payment, act)).status_code == 403
    assert mallory.post(url(payment, act), {"sure": "yes"}).status_code == 403
    assert till.calls() == []


@pytest.mark.parametrize(
    ("act", "permission"),
    [("cancel", "settle_order"), ("release", "capture_order"), ("ask", "settle_order")],
)
def test_an_order_is_ended_by_who_may(till, begun, act, permission):
    order = begun[1].order
    others = {"refund_order", "capture_order", "settle_order"} - {permission}
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


# --- Outside of transactions -------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_transaction_for_each_request_keeps_no_act_from_asking_stripe_i12(
    till, begun
):
    payment = paid(till, begun)
    olive = clerk("refund_order", "settle_order")
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
