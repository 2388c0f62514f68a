"""An order gets its PaymentIntent: planned, asked, kept."""

import re

import pytest
from django.db import transaction

from htmx_checkout import gateway
from htmx_checkout.exceptions import StripeUnreachable
from htmx_checkout.models import (
    Order,
    Payment,
)
from htmx_checkout.orders.shopper import SHOPPER
from htmx_checkout.payments import cancel, settle, sync
from tests.support.cast import (
    ADA,
    GRACE,
    ask_json,
    draft,
    event,
    fill,
    open_payment,
    post_event,
    shopper,
    status_url,
)
from tests.support.locks import holding, lock_order
from tests.support.threads import same_browser


@pytest.mark.django_db(transaction=True)
def test_an_attempt_that_gets_its_intent_while_it_is_looked_for_is_not_given_up(
    till, unasked
):
    """An event has brought the intent after Stripe's list was made: it is cancelled."""

    def bring():
        params = {"amount": 4200, "currency": "usd"}
        made = till.client.v1.payment_intents.create(params)
        Payment.objects.update(stripe_id=made.id, status="open")

    till.meanwhile(bring)
    assert cancel.cancel(unasked).is_cancelled
    payment = Payment.objects.get()
    assert payment.status == "cancelled"
    assert till.intent(payment.stripe_id).status == "canceled"


@pytest.mark.django_db(transaction=True)
def test_an_attempt_that_was_given_up_while_it_was_asked_gives_no_secret_i2(till):
    """Its answer comes late; the browser pays by the attempt that lives."""
    ada = shopper()

    def give_up():
        payment = Payment.objects.get()
        with transaction.atomic():
            settle.give_up(payment)

    till.meanwhile(give_up)
    html = open_payment(ada).content.decode()
    dead, live = Payment.objects.order_by("attempt")
    assert (dead.status, live.status) == ("given_up", "open")
    assert till.intent(live.stripe_id).client_secret in html
    assert till.intent(dead.stripe_id).client_secret not in html


@pytest.mark.django_db
def test_an_email_that_stripe_refuses_is_asked_for_again_i17(till, settings):
    source = lambda request: draft(email="ada lovelace@example.com")  # noqa: E731
    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": source}
    answer = ask_json(shopper())
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "email_invalid"


@pytest.mark.django_db
def test_nobody_may_pay_while_money_beside_the_checkout_waits_for_a_person_f63(till):
    ada = shopper()
    open_payment(ada)
    order = Order.objects.get()
    intent = till.client.v1.payment_intents.create(
        {
            "amount": 4200,
            "currency": "gbp",
            "confirm": True,
            "payment_method": "pm_card_visa",
            "return_url": "https://shop.example/",
            "metadata": {"order": order.reference, "installation": "fern-and-quill"},
        }
    )
    post_event(event("payment_intent.succeeded", intent.to_dict()))
    assert open_payment(ada).headers.get("HX-Redirect") == status_url(order)
    assert b'data-status="unknown"' in ada.get(status_url(order)).content


@pytest.mark.django_db
def test_a_lost_change_of_the_email_is_found_and_made_good(till):
    """The update was heard, its answer lost; Ada has typed the first one again."""
    ada = shopper()
    open_payment(ada)
    till.trouble("reset_after", 2)
    open_payment(ada, email="typo@example.com")
    open_payment(ada)
    assert till.intent(Payment.objects.get().stripe_id).receipt_email == ADA


@pytest.mark.django_db(transaction=True)
def test_planning_waits_for_the_orders_lock(till, begun):
    ada, _payment = begun
    with holding(lock_order) as (done, hold):
        till.meanwhile(lambda: done.append("asked"))
        hold()
        open_payment(ada, GRACE)
    assert done == ["open", "released", "asked"]


@pytest.mark.django_db(transaction=True)
def test_keeping_waits_for_the_orders_lock(till, begun):
    ada, _payment = begun
    with holding(lock_order) as (done, hold):
        till.meanwhile(hold)
        open_payment(ada)
        done.append("kept")
    assert done == ["open", "released", "kept"]


@pytest.mark.django_db(transaction=True)
def test_giving_up_an_attempt_waits_for_the_orders_lock(till, begun):
    ada, _payment = begun
    till.reset()
    with holding(lock_order) as (done, hold):
        till.meanwhile(hold)
        open_payment(ada)
    assert done == ["open", "released"]
    assert Payment.objects.filter(status="given_up").exists()


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
def test_an_order_that_is_paid_meanwhile_gives_no_secret_f29(till, begun):
    """The checkout's answer was fetched before the shopper paid, and arrives after."""
    ada, payment = begun

    def pay():
        till.pay(payment.stripe_id)
        sync.refresh_order(payment.order)

    till.meanwhile(pay)
    response = open_payment(ada)
    assert "HX-Redirect" in response.headers
    assert b"secret" not in response.content
    assert Order.objects.get().is_paid


@pytest.mark.django_db(transaction=True)
def test_an_attempt_that_the_webhook_has_bound_meanwhile_is_not_given_up_f30(till):
    """Stripe has made the intent and repeats a 500; the event comes all the same."""
    ada = shopper()

    def stripe_knocks():
        (made,) = till.client.v1.payment_intents.list().data
        post_event(event("payment_intent.created", made.to_dict()))

    till.trouble("server_error_after")
    till.meanwhile(stripe_knocks)
    assert open_payment(ada).status_code == 503
    payment = Payment.objects.get()
    assert (payment.status, payment.stripe_id is None) == ("open", False)
    assert open_payment(ada).status_code == 200
    assert Payment.objects.count() == 1


@pytest.mark.django_db
def test_an_order_on_its_way_asks_nobody_and_gives_no_secret(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    ada = shopper()
    open_payment(ada)
    till.pay_by_debit(Payment.objects.get().stripe_id)
    sync.refresh_order(Order.objects.get())
    till.forget_calls()
    assert "HX-Redirect" in open_payment(ada).headers
    assert till.calls() == []


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_an_answer_that_does_not_fit_what_was_asked_for_is_asked_again(till, begun):
    ada, _payment = begun
    till.changes_answer(lambda held: held | {"amount": 9900})
    till.forget_calls()
    assert 'data-amount="4200"' in open_payment(ada).content.decode()
    assert len(till.calls()) == 2


@pytest.mark.django_db
def test_an_amount_that_was_changed_in_the_dashboard_is_set_right_i8(till, begun):
    ada, payment = begun
    till.client.v1.payment_intents.update(payment.stripe_id, {"amount": 9900})
    html = open_payment(ada).content.decode()
    assert 'data-amount="4200"' in html
    assert till.intent(payment.stripe_id).amount == 4200
    assert Payment.objects.get().amount == 4200


@pytest.mark.django_db
def test_nobody_may_pay_again_after_money_came_by_a_given_up_attempt_i1(till, begun):
    ada, payment = begun
    Payment.objects.update(status="given_up")
    till.pay(payment.stripe_id)
    sync.refresh_intent(payment)
    response = open_payment(ada)
    assert "HX-Redirect" in response.headers
    assert Payment.objects.count() == 1
    assert ask_json(ada).json()["error"]["code"] == "unknown"


def secret_in(response):
    return re.search(r'data-secret="([^"]+)"', response.content.decode())[1]


@pytest.mark.django_db
def test_the_first_answer_makes_exactly_one_call_which_creates(till):
    open_payment(shopper())
    assert till.verbs() == ["POST /v1/payment_intents"]


@pytest.mark.django_db
def test_an_email_that_stripe_writes_in_another_way_is_told_once(till):
    till.changes_answer(lambda said: said | {"receipt_email": "ada@example.com"})
    assert b"data-secret" in open_payment(shopper(), "Ada@example.com").content
    assert till.verbs() == ["POST /v1/payment_intents"]
    assert Payment.objects.get().email == "Ada@example.com"


@pytest.mark.django_db
def test_a_reload_makes_exactly_one_call_which_retrieves_the_same_intent(till):
    ada = shopper()
    first = secret_in(open_payment(ada))
    till.forget_calls()
    assert secret_in(open_payment(ada)) == first
    assert till.verbs() == [
        f"GET /v1/payment_intents/{Payment.objects.get().stripe_id}"
    ]


@pytest.mark.django_db
def test_another_total_makes_exactly_one_call_which_updates_the_same_intent(till):
    ada = shopper()
    first = secret_in(open_payment(ada))
    fill(ada, 5600)
    till.forget_calls()
    assert secret_in(open_payment(ada)) == first
    payment = Payment.objects.get()
    assert till.verbs() == [f"POST /v1/payment_intents/{payment.stripe_id}"]
    assert till.intent(payment.stripe_id).amount == payment.amount == 5600
    assert Order.objects.get().amount == 5600


@pytest.mark.django_db
def test_a_total_that_goes_up_and_comes_down_again_ends_where_it_is(till):
    ada = shopper()
    for amount in (4200, 5600, 4200, 5600):
        fill(ada, amount)
        open_payment(ada)
        assert till.intent(Payment.objects.get().stripe_id).amount == amount


@pytest.mark.django_db
def test_another_currency_updates_the_intent(till, settings):
    ada = shopper()
    open_payment(ada)
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "jpy"}
    open_payment(ada)
    intent = till.intent(Payment.objects.get().stripe_id)
    assert (intent.amount, intent.currency) == (4200, "jpy")


@pytest.mark.django_db
def test_another_email_reaches_the_receipt(till):
    ada = shopper()
    open_payment(ada)
    open_payment(ada, email="ada@lovelace.example")
    intent = till.intent(Payment.objects.get().stripe_id)
    assert intent.receipt_email == "ada@lovelace.example"


@pytest.mark.django_db
def test_the_intent_carries_what_finds_the_order_again(till):
    open_payment(shopper())
    order, intent = Order.objects.get(), till.intent(Payment.objects.get().stripe_id)
    assert intent.metadata["order"] == order.reference
    assert intent.metadata["installation"] == "fern-and-quill"
    assert intent.receipt_email == ADA
    assert intent.automatic_payment_methods.enabled


@pytest.mark.django_db
def test_an_intent_that_was_cancelled_elsewhere_is_replaced_by_a_new_one(till):
    ada = shopper()
    first = secret_in(open_payment(ada))
    till.client.v1.payment_intents.cancel(Payment.objects.get().stripe_id)
    assert secret_in(open_payment(ada)) != first
    assert list(Payment.objects.values_list("status", flat=True)) == [
        "cancelled",
        "open",
    ]


@pytest.mark.django_db
def test_an_intent_that_stripe_does_not_know_is_replaced_by_a_new_one(till):
    ada = shopper()
    open_payment(ada)
    till.reset()
    assert open_payment(ada).status_code == 200
    assert Payment.objects.count() == 2


@pytest.mark.django_db
def test_paying_before_a_changed_bag_reaches_stripe_pays_what_the_button_said(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    fill(ada, 5600)
    assert "HX-Redirect" in open_payment(ada).headers
    order = Order.objects.get()
    assert (order.status, order.amount) == ("paid", 4200)
