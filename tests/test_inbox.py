"""What is stored of an event, and what becomes of one that cannot be applied."""

import hashlib
import json

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from htmx_checkout.core.failpoints import Failpoint, watchers
from htmx_checkout.models import Incident, Order, Payment, WebhookEvent
from htmx_checkout.webhooks import refusals, store
from tests.cast import event, knock, open_payment, shopper, signed

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_what_came_is_kept_by_its_hash_and_without_its_signature_i11(paid):
    body = json.dumps(event("payment_intent.succeeded", paid)).encode()
    knock(body)
    kept = WebhookEvent.objects.get()
    assert kept.body_hash == hashlib.sha256(body).hexdigest()
    assert "Content-Type" in kept.headers
    assert "v1=" not in json.dumps(kept.headers)
    assert kept.held_id == paid["id"]


def test_a_handler_that_fails_applies_nothing_and_is_run_again_f15(paid, bug):
    succeeded = event("payment_intent.succeeded", paid)
    assert knock(succeeded).status_code == 503
    kept = WebhookEvent.objects.get()
    assert (kept.done_at, kept.tries) == (None, 1)
    assert Order.objects.get().is_open
    bug()
    assert knock(succeeded).status_code == 200
    assert Order.objects.get().is_paid
    assert WebhookEvent.objects.get().outcome == "applied"


def test_an_event_that_always_fails_is_parked_and_told_f42(paid, bug):
    succeeded = event("payment_intent.succeeded", paid)
    answers = [knock(succeeded).status_code for _ in range(WebhookEvent.MAX_TRIES + 1)]
    assert answers == [503] * (WebhookEvent.MAX_TRIES - 1) + [200, 200]
    assert WebhookEvent.objects.get().parked_at
    assert Incident.objects.get().kind == "parked_event"


def test_a_parked_event_stops_no_other_one_f42(paid, bug):
    for _ in range(WebhookEvent.MAX_TRIES):
        knock(event("payment_intent.succeeded", paid))
    bug()
    assert knock(event("charge.updated", paid, id="evt_2")).status_code == 200
    assert Order.objects.get().is_paid


def test_a_parked_event_can_be_tried_again(paid, bug):
    succeeded = event("payment_intent.succeeded", paid)
    for _ in range(WebhookEvent.MAX_TRIES):
        knock(succeeded)
    bug()
    store.unpark(WebhookEvent.objects.get())
    assert knock(succeeded).status_code == 200
    assert Order.objects.get().is_paid


def test_an_outage_of_stripe_parks_nothing_f41(till, paid):
    till.trouble("reset_before", 999)
    for _ in range(WebhookEvent.MAX_TRIES + 2):
        assert knock(event("payment_intent.succeeded", paid)).status_code == 503
    kept = WebhookEvent.objects.get()
    assert (kept.parked_at, kept.tries) == (None, 0)


def test_a_database_that_cannot_write_gets_no_2xx_out_of_us_f52_f57(paid):
    """A lock that is not to be had, a full disk: Stripe comes again."""

    def full(stop):
        if stop is Failpoint.SETTLING:
            raise OperationalError("could not extend file: No space left on device")

    watchers.append(full)
    try:
        assert knock(event("payment_intent.succeeded", paid)).status_code == 503
    finally:
        watchers.remove(full)
    assert Order.objects.get().is_open
    assert WebhookEvent.objects.get().tries == 0
    assert knock(event("payment_intent.succeeded", paid)).status_code == 200
    assert Order.objects.get().is_paid


def test_an_event_whose_parking_cannot_be_stored_is_delivered_again_f52(paid, bug):
    succeeded = event("payment_intent.succeeded", paid)
    for _ in range(WebhookEvent.MAX_TRIES - 1):
        knock(succeeded)

    def full(execute, sql, params, many, context):
        if sql.startswith("INSERT") and "ZeroDivisionError: " in params:
            raise OperationalError("No space left on device")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full):
        assert knock(succeeded).status_code == 503
    assert WebhookEvent.objects.get().parked_at is None
    assert not Incident.objects.exists()


def test_an_outage_is_no_error_for_each_delivery_f41(till, paid, caplog):
    till.trouble("reset_before", 9)
    assert knock(event("payment_intent.succeeded", paid)).status_code == 503
    assert not [entry for entry in caplog.records if entry.levelname == "ERROR"]


def test_an_event_of_a_connected_account_is_not_ours_f38(paid):
    succeeded = event("payment_intent.succeeded", paid, account="acct_other")
    assert knock(succeeded).status_code == 200
    assert WebhookEvent.objects.get().outcome == "account"
    assert Order.objects.get().is_open
    assert Incident.objects.get().kind == "wrong_side"


def test_an_event_that_names_our_own_account_is_ours_f38(paid, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"ACCOUNT": "acct_1"}
    knock(event("payment_intent.succeeded", paid, account="acct_1"))
    assert Order.objects.get().is_paid


def test_events_of_the_wrong_mode_are_told_once_a_day_f37(paid):
    for number in range(3):
        knock(event("charge.updated", paid, livemode=True, id=f"evt_{number}"))
    assert Incident.objects.get().kind == "wrong_side"


def test_a_name_that_stands_twice_is_no_event_f33():
    raw = b'{"id": "evt_1", "id": "evt_2"}'
    assert knock(raw).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_who_was_turned_away_is_counted_f22(till):
    url = reverse("htmx_checkout:webhook")
    before = refusals.total()
    # Whatever other tests have left in this process's memory.
    refusals.buffer.clear()
    for _ in range(3):
        Client().post(url, b"{}", content_type="application/json")
    # The first is written down at once, the others when there is time again.
    assert refusals.total() == before + 1
    refusals.buffer.written_at -= refusals.EVERY_SECONDS
    Client().post(url, b"{}", content_type="application/json")
    assert refusals.total() == before + 4


def test_a_forged_delivery_asks_stripe_nothing(till):
    till.forget_calls()
    raw = json.dumps(event("payment_intent.succeeded", {"id": "pi_1"})).encode()
    knock(raw, signature=signed(raw, "whsec_wrong"))
    assert till.calls() == []


def test_that_an_intent_was_made_is_no_news_once_it_is_known(till, begun):
    _ada, payment = begun
    held = till.intent(payment.stripe_id).to_dict()
    till.forget_calls()
    assert knock(event("payment_intent.created", held)).status_code == 200
    assert WebhookEvent.objects.get().outcome == "known"
    assert till.calls() == []
