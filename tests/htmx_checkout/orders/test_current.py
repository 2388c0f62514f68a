"""A shopper's one order that can still be paid."""

import pytest

from htmx_checkout import Line
from htmx_checkout.models import Order, Payment
from tests.support.cast import (
    ask_json,
    draft,
    event,
    fill,
    open_payment,
    post_event,
    shopper,
    status_url,
)

pytestmark = pytest.mark.django_db


def refused_after_days(till):
    """Ada has seen that her bank has it, her bag was emptied, and the bank says no."""
    ada = shopper()
    open_payment(ada)
    till.pay_by_debit(Payment.objects.get().stripe_id, iban="AT861904300235473202")
    look(ada)
    assert "order_total" not in ada.session
    till.later(10)
    assert "did not go through" in look(ada)
    return ada


def look(ada):
    Payment.objects.update(asked_at=None, looked_at=None)
    return ada.get(status_url(Order.objects.get())).content.decode()


@pytest.fixture
def euros(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    return till


def test_an_order_that_the_bank_gave_back_can_be_paid_without_its_bag(euros):
    ada = refused_after_days(euros)
    assert 'id="resume"' in ada.get("/checkout/").content.decode()
    assert open_payment(ada).status_code == 200
    assert Order.objects.get().amount == 4200


def test_another_bag_does_not_rewrite_an_order_that_the_bank_gave_back(euros):
    ada = refused_after_days(euros)
    fill(ada, 9900)
    assert open_payment(ada).status_code == 200
    assert sorted(Order.objects.values_list("amount", flat=True)) == [4200, 9900]


def test_an_order_of_the_other_mode_is_let_go_f37(till):
    """Test keys yesterday, live ones today: they cannot pay what was begun then."""
    ada = shopper()
    open_payment(ada)
    Order.objects.update(livemode=True)
    open_payment(ada)
    newest = Order.objects.latest("pk")
    assert Order.objects.count() == 2
    assert not newest.livemode
    assert newest.current_for


def test_a_new_bag_after_a_paid_one_is_not_sent_to_stripe_by_looking(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    assert "Paid" in look(ada)
    fill(ada, 1400)
    html = ada.get("/checkout/").content.decode()
    assert 'id="details"' in html
    assert 'id="resume"' not in html


def test_the_same_things_in_another_language_are_the_same_purchase_f60():
    words = [draft(Line(name=n, amount=1, reference="nb")) for n in ("Ink", "Tinte")]
    assert words[0].fingerprint == words[1].fingerprint


PAGE, PAYMENT = "/checkout/", "/checkout/payment/"


def settled_by_webhook(till, payment):
    paid = till.pay(payment.stripe_id).to_dict()
    post_event(event("payment_intent.succeeded", paid))


def same_total(*names):
    """An order source whose lines change their names and never their total."""
    left = list(names)
    return lambda request: draft(
        Line(name=left.pop(0) if len(left) > 1 else left[0], amount=4200)
    )


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


def test_a_paid_order_is_shown_although_the_bag_is_empty_by_now(till, begun):
    ada, payment = begun
    settled_by_webhook(till, payment)
    session = ada.session
    del session["order_total"]
    session.save()
    assert ada.get(PAGE)["Location"] == status_url(payment.order)
    assert open_payment(ada)["HX-Redirect"] == status_url(payment.order)


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


def test_two_shoppers_have_two_orders(till):
    open_payment(shopper())
    open_payment(shopper())
    assert Order.objects.count() == Payment.objects.count() == 2


def test_two_devices_of_one_person_are_two_orders_and_each_is_charged_for_itself_f61(
    till,
):
    """Two sessions know nothing of each other: nothing is merged silently."""
    open_payment(shopper())
    open_payment(shopper())
    assert Order.objects.count() == 2
    keys = {payment.idempotency_key for payment in Payment.objects.all()}
    assert len(keys) == len(till.client.v1.payment_intents.list().data) == 2
