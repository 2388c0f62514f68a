"""What is kept of an event, and what becomes of one that cannot be applied."""

import hashlib
import json

import pytest
from django.db import (
    OperationalError,
    connection,
)

from htmx_checkout.core.failpoints import Failpoint, watchers
from htmx_checkout.models import (
    Incident,
    Order,
    Payment,
    WebhookEvent,
)
from htmx_checkout.webhooks import store
from tests.support.cast import (
    event,
    open_payment,
    post_event,
    shopper,
)
from tests.support.locks import holding
from tests.support.world import dying_at


@pytest.mark.django_db(transaction=True)
def test_an_event_whose_process_dies_over_it_is_not_dealt_with_f14(till, begun):
    """It is marked with what it has led to, or not at all."""
    _ada, payment = begun
    succeeded = event("payment_intent.succeeded", till.pay(payment.stripe_id).to_dict())
    with dying_at(Failpoint.SETTLING):
        post_event(succeeded)
    assert not WebhookEvent.objects.exclude(done_at=None).exists()
    assert post_event(succeeded).status_code == 200
    assert Order.objects.get().is_paid


@pytest.mark.django_db(transaction=True)
def test_an_event_that_comes_twice_at_once_is_kept_once_f24(till, begun):
    """The other delivery has written it, and is not done with it yet."""
    _ada, payment = begun
    held = till.intent(payment.stripe_id).to_dict()

    def other_delivery():
        facts = {"stripe_id": "evt_1", "type": "x", "livemode": False}
        WebhookEvent.objects.create(**facts)

    with holding(other_delivery) as (_done, hold):
        hold()
        assert post_event(event("payment_intent.processing", held)).status_code == 200
    assert WebhookEvent.objects.count() == 1


@pytest.mark.django_db
def test_another_installation_on_the_account_binds_none_of_our_attempts_f23(till):
    """Both shops may count their orders alike; only one of them has lost an answer."""
    till.trouble("reset_before", 2)
    open_payment(shopper())
    order = Order.objects.get()
    theirs = till.client.v1.payment_intents.create(
        {
            "amount": 4200,
            "currency": "gbp",
            "metadata": {
                "order": order.reference,
                "attempt": "1",
                "installation": "the-other-shop",
            },
        }
    )
    paid = till.pay(theirs.id).to_dict()
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    assert WebhookEvent.objects.get().outcome == "foreign"
    assert Payment.objects.get().stripe_id is None
    assert Order.objects.get().is_open


@pytest.mark.django_db
def test_an_intent_beside_the_one_that_is_stored_does_not_pay_the_order_i2(till):
    open_payment(shopper())
    ours = Payment.objects.get()
    beside = till.client.v1.payment_intents.create(
        {
            "amount": 4200,
            "currency": "gbp",
            "metadata": {
                "order": ours.order.reference,
                "attempt": "1",
                "installation": "fern-and-quill",
            },
        }
    )
    post_event(event("payment_intent.succeeded", till.pay(beside.id).to_dict()))
    assert Payment.objects.get().stripe_id == ours.stripe_id
    assert Order.objects.get().is_open


@pytest.mark.django_db
def test_an_event_about_a_paid_order_asks_nobody(till):
    open_payment(shopper())
    paid = till.pay(Payment.objects.get().stripe_id).to_dict()
    post_event(event("payment_intent.succeeded", paid, id="evt_1"))
    till.forget_calls()
    post_event(event("payment_intent.processing", paid, id="evt_2"))
    assert till.calls() == []


@pytest.mark.django_db
def test_an_event_that_left_the_order_open_is_not_asked_about_twice_f24(till):
    open_payment(shopper())
    held = till.intent(Payment.objects.get().stripe_id).to_dict()
    post_event(event("payment_intent.processing", held))
    till.forget_calls()
    assert post_event(event("payment_intent.processing", held)).status_code == 200
    assert till.calls() == []
    assert WebhookEvent.objects.get().done_at is not None


@pytest.mark.django_db
def test_an_event_of_an_earlier_attempt_does_not_bind_the_one_that_waits_f30(till):
    """Its answer was lost a day ago; the attempt that waits now is another one."""
    till.trouble("reset_before", 2)
    open_payment(shopper())
    order = Order.objects.get()
    facts = {"order": order.reference, "attempt": "7", "installation": "fern-and-quill"}
    other = till.client.v1.payment_intents.create(
        {"amount": 4200, "currency": "gbp", "metadata": facts}
    )
    post_event(event("payment_intent.succeeded", till.pay(other.id).to_dict()))
    assert WebhookEvent.objects.get().outcome == "stray"
    assert Incident.objects.get().kind == "stray"
    assert Payment.objects.get().stripe_id is None


@pytest.fixture
def paid(till):
    open_payment(shopper())
    return till.pay(Payment.objects.get().stripe_id).to_dict()


@pytest.fixture
def bug():
    """A mistake of ours that every settlement meets, until it is mended."""

    def fail(stop):
        if stop is Failpoint.SETTLING:
            raise ZeroDivisionError

    watchers.append(fail)
    yield lambda: watchers.remove(fail)
    if fail in watchers:
        watchers.remove(fail)


@pytest.mark.django_db(transaction=True)
def test_what_came_is_kept_by_its_hash_and_without_its_signature_i11(paid):
    body = json.dumps(event("payment_intent.succeeded", paid)).encode()
    post_event(body)
    kept = WebhookEvent.objects.get()
    assert kept.body_hash == hashlib.sha256(body).hexdigest()
    assert "Content-Type" in kept.headers
    assert "v1=" not in json.dumps(kept.headers)
    assert kept.object_id == paid["id"]


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_fails_applies_nothing_and_is_run_again_f15(paid, bug):
    succeeded = event("payment_intent.succeeded", paid)
    assert post_event(succeeded).status_code == 503
    kept = WebhookEvent.objects.get()
    assert (kept.done_at, kept.tries) == (None, 1)
    assert Order.objects.get().is_open
    bug()
    assert post_event(succeeded).status_code == 200
    assert Order.objects.get().is_paid
    assert WebhookEvent.objects.get().outcome == "applied"


@pytest.mark.django_db(transaction=True)
def test_an_event_that_always_fails_is_parked_and_told_f42(paid, bug):
    succeeded = event("payment_intent.succeeded", paid)
    answers = [
        post_event(succeeded).status_code for _ in range(WebhookEvent.MAX_TRIES + 1)
    ]
    assert answers == [503] * (WebhookEvent.MAX_TRIES - 1) + [200, 200]
    assert WebhookEvent.objects.get().parked_at
    assert Incident.objects.get().kind == "parked_event"


@pytest.mark.django_db(transaction=True)
def test_a_parked_event_stops_no_other_one_f42(paid, bug):
    for _ in range(WebhookEvent.MAX_TRIES):
        post_event(event("payment_intent.succeeded", paid))
    bug()
    assert post_event(event("charge.updated", paid, id="evt_2")).status_code == 200
    assert Order.objects.get().is_paid


@pytest.mark.django_db(transaction=True)
def test_a_parked_event_can_be_tried_again(paid, bug):
    succeeded = event("payment_intent.succeeded", paid)
    for _ in range(WebhookEvent.MAX_TRIES):
        post_event(succeeded)
    bug()
    store.unpark(WebhookEvent.objects.get())
    assert post_event(succeeded).status_code == 200
    assert Order.objects.get().is_paid


@pytest.mark.django_db(transaction=True)
def test_an_outage_of_stripe_parks_nothing_f41(till, paid):
    till.trouble("reset_before", 999)
    for _ in range(WebhookEvent.MAX_TRIES + 2):
        assert post_event(event("payment_intent.succeeded", paid)).status_code == 503
    kept = WebhookEvent.objects.get()
    assert (kept.parked_at, kept.tries) == (None, 0)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_write_gets_no_2xx_out_of_us_f52_f57(paid):
    """A lock that is not to be had, a full disk: Stripe comes again."""

    def full(stop):
        if stop is Failpoint.SETTLING:
            raise OperationalError("could not extend file: No space left on device")

    watchers.append(full)
    try:
        assert post_event(event("payment_intent.succeeded", paid)).status_code == 503
    finally:
        watchers.remove(full)
    assert Order.objects.get().is_open
    assert WebhookEvent.objects.get().tries == 0
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    assert Order.objects.get().is_paid


@pytest.mark.django_db(transaction=True)
def test_an_event_whose_parking_cannot_be_stored_is_delivered_again_f52(paid, bug):
    succeeded = event("payment_intent.succeeded", paid)
    for _ in range(WebhookEvent.MAX_TRIES - 1):
        post_event(succeeded)

    def full(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "ZeroDivisionError: " in params:
            raise OperationalError("No space left on device")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full):
        assert post_event(succeeded).status_code == 503
    assert WebhookEvent.objects.get().parked_at is None
    assert not Incident.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_outage_is_no_error_for_each_delivery_f41(till, paid, caplog):
    till.trouble("reset_before", 9)
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 503
    assert not [entry for entry in caplog.records if entry.levelname == "ERROR"]


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_connected_account_is_not_ours_f38(paid):
    succeeded = event("payment_intent.succeeded", paid, account="acct_other")
    assert post_event(succeeded).status_code == 200
    assert WebhookEvent.objects.get().outcome == "account"
    assert Order.objects.get().is_open
    assert Incident.objects.get().kind == "wrong_side"


@pytest.mark.django_db(transaction=True)
def test_an_event_that_names_our_own_account_is_ours_f38(paid, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"ACCOUNT": "acct_1"}
    post_event(event("payment_intent.succeeded", paid, account="acct_1"))
    assert Order.objects.get().is_paid


@pytest.mark.django_db(transaction=True)
def test_events_of_the_wrong_mode_are_told_once_a_day_f37(paid):
    for number in range(3):
        post_event(event("charge.updated", paid, livemode=True, id=f"evt_{number}"))
    assert Incident.objects.get().kind == "wrong_side"


@pytest.mark.django_db(transaction=True)
def test_that_an_intent_was_made_is_no_news_once_it_is_known(till, begun):
    _ada, payment = begun
    held = till.intent(payment.stripe_id).to_dict()
    till.forget_calls()
    assert post_event(event("payment_intent.created", held)).status_code == 200
    assert WebhookEvent.objects.get().outcome == "known"
    assert till.calls() == []
