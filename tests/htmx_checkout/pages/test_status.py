"""The status page, and its polling."""

import re
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from htmx_checkout import signals
from htmx_checkout.exceptions import AmountNotAnInteger
from htmx_checkout.models import Order, Payment
from htmx_checkout.pages.order_state import DELAYS_SECONDS, OrderState, StateName
from htmx_checkout.payments import sync
from tests.support.cast import (
    DECLINES,
    draft,
    fill,
    open_payment,
    shopper,
    status_url,
)
from tests.support.threads import at_once, same_browser

pytestmark = pytest.mark.django_db


def test_money_by_an_attempt_that_was_given_up_is_not_shown_as_unpaid(till, begun):
    ada, payment = begun
    Payment.objects.update(status="given_up")
    till.pay(payment.stripe_id)
    sync.refresh_intent(payment)
    assert b"We are checking your payment" in ada.get(status_url(payment.order)).content


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


def begun(settings=None, currency="gbp"):
    ada = shopper()
    if settings is not None:
        settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": currency}
    open_payment(ada)
    return ada, Payment.objects.select_related("order").get()


def forget_when_asked():
    """As if some time had passed since Stripe was last asked."""
    payment = Payment.objects.get()
    payment.asked_at -= timedelta(minutes=1)
    payment.looked_at = None
    payment.save()


def state(client, order, **query):
    forget_when_asked()
    html = client.get(status_url(order), query).content.decode()
    return re.search(r'data-status="(\w+)"', html)[1], html


def test_a_paid_order_says_so_and_stops_asking(till):
    ada, payment = begun()
    till.pay(payment.stripe_id)
    name, html = state(ada, payment.order)
    assert name == "paid"
    assert payment.order.reference in html
    assert "hx-trigger" not in html.split('id="status"')[1]


def test_a_bank_that_takes_its_time_is_asked_again_and_ends_as_paid(till, settings):
    ada, payment = begun(settings, "eur")
    till.pay_by_debit(payment.stripe_id)
    name, html = state(ada, payment.order)
    assert name == "processing"
    assert "do not pay again" in html
    assert 'hx-trigger="load delay:1s, every 12s"' in html
    assert '<noscript><meta http-equiv="refresh"' in html
    till.later(10)
    assert state(ada, payment.order)[0] == "paid"


def test_polling_slows_down_and_stops_with_a_link(till, settings):
    ada, payment = begun(settings, "eur")
    till.pay_by_debit(payment.stripe_id)
    url = reverse("htmx_checkout:poll", args=[payment.order.token])
    forget_when_asked()
    first = ada.get(url).content.decode()
    late = ada.get(url, {"look": len(DELAYS_SECONDS) - 1}).content.decode()
    last = ada.get(url, {"look": len(DELAYS_SECONDS)}).content.decode()
    assert "delay:1s" in first
    assert f"delay:{DELAYS_SECONDS[-1]}s" in late
    assert "hx-get" not in last
    assert "Look again" in last


@pytest.mark.parametrize("look", ["-1", "x", "٣", "1e9", "9999999999"])
def test_a_strange_number_of_looks_is_none(till, settings, look):
    ada, payment = begun(settings, "eur")
    till.pay_by_debit(payment.stripe_id)
    assert "delay:1s" in state(ada, payment.order, look=look)[1]


def test_a_decline_says_why_in_kind_words_and_offers_another_try_f73(till):
    grace, payment = begun()
    till.pay(payment.stripe_id, DECLINES)
    name, html = state(grace, payment.order)
    assert name == "declined"
    assert "enough money" in html
    assert reverse("htmx_checkout:page") in html


def test_after_a_decline_another_card_pays_the_same_order_f73(till):
    grace, payment = begun()
    till.pay(payment.stripe_id, DECLINES)
    assert state(grace, payment.order)[0] == "declined"
    till.pay(payment.stripe_id)
    assert state(grace, payment.order)[0] == "paid"
    assert Payment.objects.count() == 1


def test_an_order_that_nobody_tried_to_pay_is_not_paid_yet(till):
    ada, payment = begun()
    assert state(ada, payment.order)[0] == "unpaid"


def test_a_cancelled_payment_is_told(till):
    ada, payment = begun()
    till.client.v1.payment_intents.cancel(payment.stripe_id)
    assert state(ada, payment.order)[0] == "cancelled"


def test_when_stripe_is_silent_nothing_is_guessed_i14(till):
    ada, payment = begun()
    till.pay(payment.stripe_id)
    till.trouble("reset_before", 4)
    name, html = state(ada, payment.order)
    assert name == "unknown"
    assert "do not pay again" in html
    assert "hx-trigger" in html


def test_money_that_fits_no_order_is_shown_as_unknown_f75(till):
    ada, payment = begun()
    till.pay(payment.stripe_id)
    Order.objects.update(amount=4300)
    name, html = state(ada, payment.order)
    assert name == "unknown"
    assert "do not pay again" in html


def test_many_looks_within_a_second_ask_stripe_once(till):
    ada, payment = begun()
    till.pay(payment.stripe_id, DECLINES)
    forget_when_asked()
    till.forget_calls()
    ada.get(status_url(payment.order))
    for _ in range(5):
        # Asked in this very moment, however slow the machine is that runs this.
        Payment.objects.update(asked_at=timezone.now())
        ada.get(status_url(payment.order))
    assert len(till.calls()) == 1


def test_a_paid_order_is_shown_without_asking_anybody(till):
    ada, payment = begun()
    till.pay(payment.stripe_id)
    ada.get(status_url(payment.order))
    forget_when_asked()
    state(ada, payment.order)
    till.forget_calls()
    assert state(ada, payment.order)[0] == "paid"
    assert till.calls() == []


@pytest.mark.parametrize("view", ["status", "poll"])
def test_mallory_sees_another_order_as_one_that_does_not_exist_i9(till, view):
    _ada, payment = begun()
    mallory = shopper()
    open_payment(mallory)
    theirs = mallory.get(reverse(f"htmx_checkout:{view}", args=[payment.order.token]))
    nobodys = mallory.get(reverse(f"htmx_checkout:{view}", args=["x" * 32]))
    assert theirs.status_code == nobodys.status_code == 404
    assert payment.order.reference not in theirs.content.decode()


def test_the_reference_opens_nothing(till):
    ada, payment = begun()
    url = reverse("htmx_checkout:status", args=[payment.order.reference])
    assert ada.get(url).status_code == 404


def test_logging_in_keeps_the_order_f69(till, django_user_model):
    ada, payment = begun()
    ada.force_login(django_user_model.objects.create_user("ada"))
    assert ada.get(status_url(payment.order)).status_code == 200


def test_logging_in_as_somebody_else_loses_the_order_f70(till, django_user_model):
    ada, payment = begun()
    ada.force_login(django_user_model.objects.create_user("ada"))
    ada.force_login(django_user_model.objects.create_user("grace"))
    assert ada.get(status_url(payment.order)).status_code == 404


def test_logging_out_closes_the_order(till, django_user_model):
    ada, payment = begun()
    ada.force_login(django_user_model.objects.create_user("ada"))
    ada.logout()
    assert Client().get(status_url(payment.order)).status_code == 404
    assert ada.get(status_url(payment.order)).status_code == 404


def test_seeing_it_paid_empties_the_bag_once(till):
    ada, payment = begun()
    till.pay(payment.stripe_id)
    state(ada, payment.order)
    assert "order_total" not in ada.session
    fill(ada, 1400)
    state(ada, payment.order)
    assert ada.session["order_total"] == 1400


def test_a_bag_that_changed_meanwhile_is_left_alone_f65(till):
    ada, payment = begun()
    till.pay(payment.stripe_id)
    fill(ada, 5600)
    state(ada, payment.order)
    assert ada.session["order_total"] == 5600


def test_the_same_bag_filled_again_after_paying_is_a_new_order(till):
    ada, payment = begun()
    till.pay(payment.stripe_id)
    state(ada, payment.order)
    fill(ada, 4200)
    assert open_payment(ada).status_code == 200
    assert Order.objects.count() == 2


def test_a_browser_that_lost_its_connection_is_not_told_that_nothing_happened_f72(till):
    ada, payment = begun()
    name, html = state(ada, payment.order, unsure="")
    assert name == "unknown"
    assert "look=1&amp;unsure" in html
    till.pay(payment.stripe_id)
    assert state(ada, payment.order, unsure="", look=1)[0] == "paid"


def test_after_some_looks_an_untouched_order_is_not_paid_yet(till):
    ada, payment = begun()
    assert state(ada, payment.order, unsure="", look=6)[0] == "unpaid"


def test_each_state_has_a_template_and_a_sentence_and_each_template_a_state():
    states = [OrderState(name, look=0) for name in StateName]
    assert all(name.label for name in StateName)
    folder = Path(get_template("htmx_checkout/status/_status.html").origin.name).parent
    partials = {f"htmx_checkout/status/{path.name}" for path in folder.iterdir()}
    assert {state.template for state in states} == (
        partials - {"htmx_checkout/status/_status.html"}
    )


@pytest.mark.parametrize("name", StateName)
def test_each_state_says_something_of_its_own_under_one_heading(rf, name):
    order = Order(reference="FQ-1", amount=4200, currency="gbp", token="t" * 32)
    context = {"order": order, "state": OrderState(name, look=0)}
    html = render_to_string(
        "htmx_checkout/status/_status.html", context, rf.get("/checkout/status/t/")
    )
    assert f'data-status="{name.value}"' in html
    assert html.count("<h1") == 1
