"""Locks: whoever holds an order's row makes all others wait.

Each test takes the lock in another thread, starts the work while it is held,
and looks at the order in which things have happened. On PostgreSQL they are red
as soon as one `select_for_update` is removed; on SQLite, where a transaction
locks the whole file, they only show that the work waits there too.
"""

from contextlib import contextmanager
from threading import Event as Flag
from threading import Thread
from time import sleep

import pytest
from django.db import connection, connections, transaction

from htmx_checkout import gateway, outbox, signals
from htmx_checkout.models import Order, OutboxMessage, Payment, WebhookEvent
from htmx_checkout.orders.shopper import SHOPPER
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import sync
from tests.cast import ADA, GRACE, event, fill, knock, open_payment, shopper
from tests.test_races import at_once, same_browser

pytestmark = pytest.mark.django_db(transaction=True)


HELD_SECONDS = 0.6


@contextmanager
def holding(work):
    """Another request, which does ``work`` and holds its locks for a while.

    Yields what happens, in order, and the function that begins it.
    """
    done, held = [], Flag()

    def hold():
        try:
            with transaction.atomic():
                work()
                held.set()
                sleep(HELD_SECONDS)
                done.extend(Payment.objects.values_list("status", flat=True))
                done.append("released")
        finally:
            connections.close_all()

    def start():
        thread.start()
        assert held.wait(10)

    thread = Thread(target=hold)
    try:
        yield done, start
    finally:
        thread.join()


def lock_order():
    Order.objects.select_for_update().get()


def lock_message():
    OutboxMessage.objects.select_for_update().get()


def test_settling_waits_for_the_orders_lock(till, begun):
    _ada, payment = begun
    intent = gateway.retrieve(payment.stripe_id)
    with holding(lock_order) as (done, hold):
        hold()
        sync.keep_listed(payment, intent)
        done.append("settled")
    assert done == ["open", "released", "settled"]


def test_planning_waits_for_the_orders_lock(till, begun):
    ada, _payment = begun
    with holding(lock_order) as (done, hold):
        till.meanwhile(lambda: done.append("asked"))
        hold()
        open_payment(ada, GRACE)
    assert done == ["open", "released", "asked"]


def test_keeping_waits_for_the_orders_lock(till, begun):
    ada, _payment = begun
    with holding(lock_order) as (done, hold):
        till.meanwhile(hold)
        open_payment(ada)
        done.append("kept")
    assert done == ["open", "released", "kept"]


def test_giving_up_an_attempt_waits_for_the_orders_lock(till, begun):
    ada, _payment = begun
    till.reset()
    with holding(lock_order) as (done, hold):
        till.meanwhile(hold)
        open_payment(ada)
    assert done == ["open", "released"]
    assert Payment.objects.filter(status="given_up").exists()


def staged(order):
    facts = {"subject": order.reference, "object_id": order.pk, "order": order}
    return OutboxMessage.objects.create(name=outbox.ORDER_PAID, **facts)


def test_a_message_that_another_one_delivers_is_left_to_that_one_i3(till, begun):
    """On SQLite, which locks the whole file, it has to wait instead."""
    _ada, payment = begun
    message = staged(payment.order)
    with holding(lock_message) as (done, hold):

        def hear(**kwargs):
            done.append("heard")

        signals.order_paid.connect(hear)
        try:
            hold()
            deliver.deliver(message.pk)
        finally:
            signals.order_paid.disconnect(hear)
    heard = ["heard"] if connection.vendor == "sqlite" else []
    assert done == ["open", "released", *heard]


def test_a_message_that_two_deliver_at_once_is_heard_once_i3(till, begun):
    _ada, payment = begun
    message = staged(payment.order)
    heard = []

    def hear(**kwargs):
        sleep(0.2)
        heard.append(1)

    signals.order_paid.connect(hear)
    try:
        at_once(*[lambda: deliver.deliver(message.pk)] * 4)
    finally:
        signals.order_paid.disconnect(hear)
    assert len(heard) == 1


def test_a_key_that_is_in_flight_at_stripe_is_waited_for_f45(till):
    """Two tabs ask at once and Stripe is slow: the second gets a 409, and waits."""
    ada = shopper()
    till.trouble("slow", 1, method="POST", seconds=2.5)

    def first():
        return open_payment(same_browser(ada))

    def second():
        sleep(0.7)
        return open_payment(same_browser(ada))

    answers = at_once(first, second)
    assert 409 in {call["status"] for call in till.calls()}
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Payment.objects.count() == 1


def test_a_first_click_that_another_one_overtakes_ends_with_one_order_f59(till):
    """It has found no order, and the other's is there before its own is written."""
    ada = shopper()
    ada.get("/checkout/")
    digest = ada.session[SHOPPER]

    def order_in_another_tab():
        facts = {"amount": 4200, "currency": "gbp", "fingerprint": "x", "email": ADA}
        Order.objects.create(shopper=digest, current_for=digest, **facts)

    with holding(order_in_another_tab) as (done, hold):
        hold()
        assert open_payment(ada).status_code == 200
        done.append("opened")
    assert done == ["released", "opened"]
    assert Order.objects.count() == Payment.objects.count() == 1


def test_an_event_that_comes_twice_at_once_is_kept_once_f24(till, begun):
    """The other delivery has written it, and is not done with it yet."""
    _ada, payment = begun
    held = till.intent(payment.stripe_id).to_dict()

    def other_delivery():
        facts = {"stripe_id": "evt_1", "type": "x", "livemode": False}
        WebhookEvent.objects.create(**facts)

    with holding(other_delivery) as (_done, hold):
        hold()
        assert knock(event("payment_intent.processing", held)).status_code == 200
    assert WebhookEvent.objects.count() == 1


# --- What happens while Stripe's answer is on its way --------------------------


def test_an_answer_that_was_overtaken_is_asked_for_again(till, begun):
    """Two tabs update at once; the slower answer is older than what is stored."""
    ada, _payment = begun

    def other_tab():
        fill(ada, 6000)
        open_payment(same_browser(ada))

    fill(ada, 5000)
    till.meanwhile(other_tab)
    html = open_payment(ada).content.decode()
    kept = Payment.objects.select_related("order").get()
    charged = till.intent(kept.stripe_id).amount
    assert charged == kept.amount == kept.order.amount == 5000
    assert 'data-amount="5000"' in html


def test_an_order_that_is_paid_meanwhile_gives_no_secret_f29(till, begun):
    """The till's answer was fetched before the shopper paid, and arrives after."""
    ada, payment = begun

    def pay():
        till.pay(payment.stripe_id)
        sync.refresh_order(payment.order)

    till.meanwhile(pay)
    response = open_payment(ada)
    assert "HX-Redirect" in response.headers
    assert b"secret" not in response.content
    assert Order.objects.get().is_paid


def test_an_attempt_that_the_webhook_has_bound_meanwhile_is_not_given_up_f30(till):
    """Stripe has made the intent and repeats a 500; the event comes all the same."""
    ada = shopper()

    def stripe_knocks():
        (made,) = till.client.v1.payment_intents.list().data
        knock(event("payment_intent.created", made.to_dict()))

    till.trouble("server_error_after")
    till.meanwhile(stripe_knocks)
    assert open_payment(ada).status_code == 503
    payment = Payment.objects.get()
    assert (payment.status, payment.stripe_id is None) == ("open", False)
    assert open_payment(ada).status_code == 200
    assert Payment.objects.count() == 1
