"""Money is paid back from the admin, once."""

import pytest
from django.contrib.admin.models import LogEntry

from htmx_checkout.exceptions import RefundRefused
from htmx_checkout.models import AuditEntry, Order, Payment, Refund
from htmx_checkout.payments import refund as refunding
from tests.support.staff import fill, press, said, url

pytestmark = pytest.mark.django_db


def refund_calls(till):
    return [verb for verb in till.verbs() if verb == "POST /v1/refunds"]


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
