"""Guards of the way back, and of the bag: red as soon as one is removed."""

from threading import Barrier

import pytest
from django.test import Client
from django.utils import timezone

from htmx_checkout import signals
from htmx_checkout.exceptions import AmountNotAnInteger
from htmx_checkout.models import Payment
from htmx_checkout.orders.shopper import PROVEN
from htmx_checkout.payments import sync
from tests.cast import draft, fill, open_payment, return_url, shopper, status_url
from tests.test_races import at_once, same_browser

pytestmark = pytest.mark.django_db


# --- The way back ------------------------------------------------------------


def test_a_stranger_finds_nothing_while_stripe_is_silent_s1(till, begun):
    _ada, payment = begun
    till.trouble("reset_before", 4)
    url = return_url(payment.order, payment, "pi_1_secret_2")
    mallory = Client().get(url, follow=True)
    till.reset_faults()
    assert mallory.status_code == 404


def test_after_a_silent_return_nothing_that_was_known_before_is_shown_i14(till, begun):
    """The look of a second ago was before the bank, and worth nothing now."""
    ada, payment = begun
    secret = till.pay(payment.stripe_id).client_secret
    # Asked in this very moment, however slow the machine is that runs this.
    Payment.objects.update(asked_at=timezone.now())
    till.trouble("reset_before", 50)
    html = ada.get(return_url(payment.order, payment, secret), follow=True).content
    assert b"We are checking your payment" in html
    till.reset_faults()
    Payment.objects.update(looked_at=None)
    assert b"Paid" in ada.get(status_url(payment.order)).content


def test_money_by_an_attempt_that_was_given_up_is_not_shown_as_unpaid(till, begun):
    ada, payment = begun
    Payment.objects.update(status="given_up")
    till.pay(payment.stripe_id)
    sync.refresh_intent(payment)
    assert b"We are checking your payment" in ada.get(status_url(payment.order)).content


def test_who_proves_himself_does_not_wait_for_the_look_of_another_f72(till, begun):
    _ada, payment = begun
    secret = till.intent(payment.stripe_id).client_secret
    Payment.objects.update(looked_at=timezone.now())
    url = return_url(payment.order, payment, secret)
    assert Client().get(url, follow=True).status_code == 200


def test_mallory_makes_nothing_unknown_that_is_known_s1(till, begun):
    _ada, payment = begun
    Client().get(return_url(payment.order, payment, "pi_1_secret_2"))
    assert Payment.objects.get().asked_at == payment.asked_at


def test_what_was_answered_a_moment_ago_is_not_asked_again(till, begun):
    ada, payment = begun
    Payment.objects.update(asked_at=timezone.now())
    till.forget_calls()
    assert b"not paid yet" in ada.get(status_url(payment.order)).content
    assert till.calls() == []


def test_who_looks_while_another_one_asks_does_not_know_and_does_not_ask(till, begun):
    ada, payment = begun
    till.pay(payment.stripe_id)
    Payment.objects.update(asked_at=None, looked_at=timezone.now())
    till.forget_calls()
    html = ada.get(status_url(payment.order)).content
    assert b"We are checking your payment" in html
    assert till.calls() == []


def test_who_was_let_in_by_the_secret_sees_and_empties_no_bag_of_another(till, begun):
    """Somebody else's bag may hold the same things; it is not what was paid."""
    ada, payment = begun
    secret = till.pay(payment.stripe_id).client_secret
    elsewhere = shopper()
    url = return_url(payment.order, payment, secret)
    assert b"Paid" in elsewhere.get(url, follow=True).content
    assert elsewhere.session["order_total"] == 4200
    ada.get(status_url(payment.order))
    assert "order_total" not in ada.session


def test_a_session_remembers_the_last_twenty_orders_that_it_has_proven(till):
    elsewhere = Client()
    for _ in range(21):
        open_payment(shopper())
        payment = Payment.objects.select_related("order").latest("pk")
        secret = till.intent(payment.stripe_id).client_secret
        elsewhere.get(return_url(payment.order, payment, secret))
    assert len(elsewhere.session[PROVEN]) == 20
    assert elsewhere.get(status_url(payment.order)).status_code == 200


# --- The bag -----------------------------------------------------------------


def test_an_order_is_shown_as_paid_although_its_bag_cannot_be_read(
    till, begun, settings
):
    ada, payment = begun
    till.pay(payment.stripe_id)
    Payment.objects.update(asked_at=None)

    def unreadable(request):
        raise AmountNotAnInteger

    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": unreadable}
    assert b"Paid" in ada.get(status_url(payment.order)).content


def test_an_order_is_shown_as_paid_although_its_bag_cannot_be_emptied(
    till, begun, caplog
):
    def stuck(**kwargs):
        raise RuntimeError("the bag is stuck")

    ada, payment = begun
    till.pay(payment.stripe_id)
    Payment.objects.update(asked_at=None)
    signals.bag_taken.connect(stuck)
    try:
        html = ada.get(status_url(payment.order)).content
    finally:
        signals.bag_taken.disconnect(stuck)
    assert b"Paid" in html
    assert "did not empty the bag" in caplog.text


def test_the_same_bag_filled_again_is_not_emptied_by_the_old_orders_page(till, begun):
    ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    ada.get(status_url(payment.order))
    fill(ada, 4200)
    ada.get(status_url(payment.order))
    assert ada.session["order_total"] == 4200


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_both_saw_a_full_bag_empty_it_once(till, settings):
    """Both are past the first look at the order when the host is asked for the bag."""
    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": lambda request: draft()}
    ada, meeting, emptied = Client(), Barrier(2), []
    open_payment(ada)
    payment = Payment.objects.select_related("order").get()
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)

    def meet(request):
        meeting.wait(20)
        return draft()

    def empty(**kwargs):
        emptied.append(1)

    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": meet}
    signals.bag_taken.connect(empty)
    try:
        at_once(*[lambda: same_browser(ada).get(status_url(payment.order))] * 2)
    finally:
        signals.bag_taken.disconnect(empty)
    assert len(emptied) == 1
