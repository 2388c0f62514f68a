"""Many requests at once, each in a thread with a connection of its own."""

import pytest
from django.urls import reverse

from htmx_checkout import signals
from htmx_checkout.models import Order, OutboxMessage, Payment, WebhookEvent
from tests.support.cast import (
    event,
    open_payment,
    post_event,
    return_url,
    shopper,
    status_url,
)
from tests.support.threads import at_once, same_browser

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_posts_of_one_session_make_one_order_and_one_intent_f59(till):
    ada = shopper()
    tabs = [same_browser(ada) for _ in range(50)]
    answers = at_once(*(lambda tab=tab: open_payment(tab) for tab in tabs))
    assert {answer.status_code for answer in answers} == {200}
    assert Order.objects.count() == Payment.objects.count() == 1
    assert len(till.client.v1.payment_intents.list({"limit": 100}).data) == 1
    secret = till.intent(Payment.objects.get().stripe_id).client_secret
    assert all(secret in answer.content.decode() for answer in answers)


def test_webhook_return_and_poll_at_once_pay_once_f29(till, heard):
    ada = shopper()
    open_payment(ada)
    payment = Payment.objects.select_related("order").get()
    paid = till.pay(payment.stripe_id).to_dict()
    url = return_url(payment.order, payment, paid["client_secret"])
    succeeded = event("payment_intent.succeeded", paid)
    calls = [lambda: post_event(succeeded).status_code] * 4
    calls += [lambda: same_browser(ada).get(url).status_code] * 4
    calls += [lambda: same_browser(ada).get(status_url(payment.order)).status_code] * 4
    assert set(at_once(*calls)) == {200, 303}
    assert Order.objects.get().is_paid
    assert heard == [payment.order.reference]
    assert OutboxMessage.objects.count() == 1


def test_forty_deliveries_of_one_event_at_once_are_all_answered_200_f24(till, heard):
    open_payment(shopper())
    paid = till.pay(Payment.objects.get().stripe_id).to_dict()
    succeeded = event("payment_intent.succeeded", paid)
    answers = at_once(*[lambda: post_event(succeeded).status_code] * 40)
    assert set(answers) == {200}
    assert WebhookEvent.objects.count() == 1
    assert len(heard) == 1


def test_two_tabs_with_two_totals_end_with_one_intent_that_fits_its_order(till):
    ada = shopper()
    open_payment(ada)
    tabs = [same_browser(ada) for _ in range(10)]

    def change(number, tab):
        session = tab.session
        session["order_total"] = 4200 + number
        session.save()
        return open_payment(tab)

    at_once(*(lambda n=n, tab=tab: change(n, tab) for n, tab in enumerate(tabs)))
    open_payment(ada)
    order, payment = Order.objects.get(), Payment.objects.get()
    assert till.intent(payment.stripe_id).amount == payment.amount == order.amount


def test_the_bag_is_emptied_once_however_many_tabs_see_it_paid(till):
    ada = shopper()
    open_payment(ada)
    payment = Payment.objects.select_related("order").get()
    till.pay(payment.stripe_id)
    Payment.objects.update(asked_at=None)
    emptied = []

    def empty(*, order, **kwargs):
        emptied.append(order.pk)

    signals.bag_taken.connect(empty)
    url = reverse("htmx_checkout:status", args=[payment.order.token])
    try:
        at_once(*[lambda: same_browser(ada).get(url)] * 8)
        ada.get(url)
    finally:
        signals.bag_taken.disconnect(empty)
    assert len(emptied) == 1
