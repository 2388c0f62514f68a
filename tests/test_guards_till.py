"""Guards of the till: each test here is red as soon as its guard is removed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from htmx_checkout import Line, gateway
from htmx_checkout.exceptions import StripeUnreachable
from htmx_checkout.models import Order, Payment
from htmx_checkout.payments import sync
from tests.cast import (
    ask_json,
    draft,
    event,
    fill,
    knock,
    open_payment,
    shopper,
    status_url,
)

pytestmark = pytest.mark.django_db


PAGE, PAYMENT = "/checkout/", "/checkout/payment/"


def settled_by_webhook(till, payment):
    paid = till.pay(payment.stripe_id).to_dict()
    knock(event("payment_intent.succeeded", paid))


def same_total(*names):
    """An order source whose lines change their names and never their total."""
    left = list(names)
    return lambda request: draft(
        Line(name=left.pop(0) if len(left) > 1 else left[0], amount=4200)
    )


# --- Which order the till works on -------------------------------------------


def test_an_open_order_is_let_go_by_no_bag_that_cannot_be_charged_f67(till, begun):
    ada, _payment = begun
    fill(ada, 29)
    till.forget_calls()
    response = open_payment(ada)
    assert response.status_code == 422
    assert "too small" in response.content.decode()
    assert till.calls() == []
    assert Order.objects.get().amount == 4200


def test_a_bag_that_the_webhook_has_paid_cannot_be_paid_again_f60(till, begun):
    ada, payment = begun
    settled_by_webhook(till, payment)
    till.forget_calls()
    assert open_payment(ada)["HX-Redirect"] == status_url(payment.order)
    assert ada.get(PAGE)["Location"] == status_url(payment.order)
    assert ask_json(ada).status_code == 409
    assert Order.objects.count() == 1
    assert till.calls() == []


def test_an_order_on_its_way_asks_nobody_and_gives_no_secret(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    ada = shopper()
    open_payment(ada)
    till.pay_by_debit(Payment.objects.get().stripe_id)
    sync.refresh_order(Order.objects.get())
    till.forget_calls()
    assert "HX-Redirect" in open_payment(ada).headers
    assert till.calls() == []


def test_a_paid_order_is_shown_although_the_bag_is_empty_by_now(till, begun):
    ada, payment = begun
    settled_by_webhook(till, payment)
    session = ada.session
    del session["order_total"]
    session.save()
    assert ada.get(PAGE)["Location"] == status_url(payment.order)
    assert open_payment(ada)["HX-Redirect"] == status_url(payment.order)


# --- What is asked, and under which key --------------------------------------


def test_a_lost_answer_is_asked_for_in_the_same_words_although_the_bag_changed_f46(
    till,
):
    ada = shopper()
    till.trouble("reset_after", 2)
    open_payment(ada)
    fill(ada, 5600)
    assert open_payment(ada).status_code == 200
    assert len(till.client.v1.payment_intents.list().data) == 1
    payment = Payment.objects.get()
    assert till.intent(payment.stripe_id).amount == payment.order.amount == 5600
    assert "idempotency_error" not in {call["error_code"] for call in till.calls()}


def test_the_key_names_order_attempt_revision_amount_and_currency(till, begun):
    ada, payment = begun
    first = payment.idempotency_key
    assert first.endswith(f"{payment.order.reference}-1-1-4200-gbp")
    fill(ada, 5600)
    open_payment(ada)
    assert Payment.objects.get().idempotency_key.endswith("-1-2-5600-gbp")


def test_an_update_is_sent_with_the_key_that_was_stored(till, begun):
    ada, _payment = begun
    fill(ada, 5600)
    till.forget_calls()
    open_payment(ada)
    (call,) = till.calls()
    assert call["idempotency_key"] == Payment.objects.get().idempotency_key


def test_an_updates_key_is_as_young_as_the_update(till, begun):
    ada, _payment = begun
    Payment.objects.update(key_stored_at=timezone.now() - timedelta(days=3))
    fill(ada, 5600)
    open_payment(ada)
    assert Payment.objects.get().key_is_fresh


@pytest.mark.parametrize(("hours", "fresh"), [(22, True), (23.5, False), (25, False)])
def test_a_key_is_not_trusted_up_to_the_last_minute_of_its_day_f9(hours, fresh):
    held = Payment(key_stored_at=timezone.now() - timedelta(hours=hours))
    assert held.key_is_fresh == fresh


# --- What is kept of an answer -----------------------------------------------


def test_an_answer_about_another_intent_is_not_kept_f50(till, begun):
    ada, payment = begun
    other = till.client.v1.payment_intents.create({"amount": 4200, "currency": "gbp"})
    till.changes_answer(lambda held: other.to_dict(), times=2)
    with pytest.raises(StripeUnreachable):
        gateway.retrieve(payment.stripe_id)
    till.changes_answer(lambda held: other.to_dict(), times=2)
    response = open_payment(ada)
    assert response.status_code == 503
    assert other.client_secret not in response.content.decode()
    assert Payment.objects.get().stripe_id == payment.stripe_id


def test_an_answer_that_does_not_fit_what_was_asked_for_is_asked_again(till, begun):
    ada, _payment = begun
    till.changes_answer(lambda held: held | {"amount": 9900})
    till.forget_calls()
    assert 'data-amount="4200"' in open_payment(ada).content.decode()
    assert len(till.calls()) == 2


def test_an_amount_that_was_changed_in_the_dashboard_is_set_right_i8(till, begun):
    ada, payment = begun
    till.client.v1.payment_intents.update(payment.stripe_id, {"amount": 9900})
    html = open_payment(ada).content.decode()
    assert 'data-amount="4200"' in html
    assert till.intent(payment.stripe_id).amount == 4200
    assert Payment.objects.get().amount == 4200


def test_what_was_paid_stays_what_was_ordered_although_the_total_fits_f65(
    till, settings
):
    held = settings.CHECKOUT | {"ORDER_SOURCE": same_total("Moss", "Slate")}
    settings.CHECKOUT = held
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    assert "HX-Redirect" in open_payment(ada).headers
    assert Order.objects.get().lines[0]["name"] == "Moss"


def test_nobody_may_pay_again_after_money_came_by_a_given_up_attempt_i1(till, begun):
    ada, payment = begun
    Payment.objects.update(status="given_up")
    till.pay(payment.stripe_id)
    sync.refresh_intent(payment)
    response = open_payment(ada)
    assert "HX-Redirect" in response.headers
    assert Payment.objects.count() == 1
    assert ask_json(ada).json()["error"]["code"] == "unknown"
