"""The timeline of an order: what happened to it, and why."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from htmx_checkout import audit
from htmx_checkout.audit import timeline
from htmx_checkout.models import (
    AuditEntry,
    Incident,
    Order,
    OutboxMessage,
    WebhookEvent,
)
from htmx_checkout.payments import refund as refunding
from tests.support.cast import event, post_event, return_url
from tests.support.staff import settled_payment, url

pytestmark = pytest.mark.django_db


def explain(name, capsys):
    call_command("checkout_explain", name)
    return capsys.readouterr().out


def bring(payment, stripe_id="evt_1"):
    held = {"id": payment.stripe_id, "object": "payment_intent"}
    return post_event(event("payment_intent.succeeded", held, id=stripe_id))


@pytest.fixture
def raced(till, begun):
    """Paid; the return came first, and Stripe's event second."""
    ada, payment = begun
    secret = till.pay(payment.stripe_id).client_secret
    ada.get(return_url(payment.order, payment, secret))
    bring(payment)
    payment.refresh_from_db()
    return payment


def test_it_says_what_made_it_paid_and_what_came_later(raced, capsys):
    out = explain(raced.order.reference, capsys)
    assert "\nMade paid by return, at " in out
    assert "Came later: webhook evt_1 (payment_intent.succeeded), 0." in out


def test_an_event_that_made_it_paid_is_named(till, begun, capsys):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    bring(payment, "evt_first")
    bring(payment, "evt_again")
    out = explain(payment.order.reference, capsys)
    assert "\nMade paid by webhook evt_first, at " in out
    assert "Came later: webhook evt_again" in out


def test_it_says_that_it_was_never_paid(begun, capsys):
    out = explain(begun[1].order.reference, capsys)
    assert "It was never paid." in out


@pytest.mark.parametrize("kind", ["reference", "lower", "intent", "refund", "number"])
def test_an_order_is_found_by_each_of_its_names(till, begun, capsys, kind):
    payment = settled_payment(till, begun)
    made = refunding.refund(payment, 200)
    name = {
        "reference": payment.order.reference,
        "lower": payment.order.reference.lower(),
        "intent": payment.stripe_id,
        "refund": made.stripe_id,
        "number": made.number,
    }[kind]
    assert payment.order.reference in explain(name, capsys)


def test_an_unknown_name_is_one_line_and_a_failure(db):
    with pytest.raises(CommandError) as failed:
        call_command("checkout_explain", "pi_1_secret_mine")
    assert str(failed.value).count("\n") == 0
    assert "mine" not in str(failed.value)
    assert failed.value.returncode == 1


def test_everything_that_happened_is_told_in_its_order(raced, capsys):
    refunding.refund(raced, 200, wanted_by="olive")
    lines = explain(raced.order.reference, capsys).splitlines()
    told = "\n".join(lines)
    for part in [
        "order      made, of what was in the bag",
        "payment    attempt 1: what Stripe is to be asked was stored",
        "open → succeeded",
        "open → paid  £42.00  by return",
        "payment_intent.succeeded arrived: nothing was left to ask",
        "order_paid is to be sent",
        "wanted by olive: what to ask was stored",
        "creating → succeeded",
    ]:
        assert part in told, part
    clocks = [line[:23] for line in lines if line[:2] == "20"]
    assert clocks == sorted(clocks)


def test_rows_of_one_moment_stand_in_the_order_of_cause_and_effect(begun):
    _ada, payment = begun
    order, now = payment.order, timezone.now() + timedelta(minutes=1)
    OutboxMessage.objects.create(
        name="order_paid", subject="x", order=order, object_id=1, staged_at=now
    )
    AuditEntry(order=order, what="order", after="paid", cause="webhook", at=now).save()
    WebhookEvent.objects.create(
        stripe_id="evt_1",
        type="payment_intent.succeeded",
        intent_id=payment.stripe_id,
        livemode=False,
        received_at=now,
        done_at=now,
        outcome="applied",
    )
    told = [row.what for row in timeline.of(order) if row.at == now]
    assert told == ["event", "order", "event", "message"]


def test_no_secret_is_told_s18(till, begun, capsys, admin_client):
    ada, payment = begun
    order = payment.order
    secret = till.intent(payment.stripe_id).client_secret
    with audit.by("staff", secret):
        audit.note("order", "", "open", order=order, note=f"sk_test_{'x' * 24}")
    WebhookEvent.objects.create(
        stripe_id="evt_1",
        type="x",
        intent_id=payment.stripe_id,
        livemode=False,
        parked_at=timezone.now(),
        error=secret,
    )
    page = admin_client.get(url(order, "explain")).text
    for text in (explain(order.reference, capsys), page):
        assert order.reference in text
        for hidden in (
            secret,
            order.token,
            order.shopper,
            payment.idempotency_key,
            "x" * 24,
            ada.session.session_key,
        ):
            assert hidden not in text


def test_the_page_tells_the_same(raced, admin_client):
    Incident.objects.create(kind="late", subject="x", order=raced.order)
    page = admin_client.get(url(raced.order, "explain")).text
    assert "The return from Stripe was first to learn that it is paid" in page
    assert "evt_1" in page
    assert "money for a cancelled order" in page
    assert "open → paid" in page


def test_a_long_history_takes_no_more_reads_than_a_short_one(till, begun):
    payment, counts = settled_payment(till, begun), []
    for _again in range(2):
        order = Order.objects.get()
        with CaptureQueriesContext(connection) as asked:
            timeline.of(order)
            timeline.race(order)
        counts.append(len(asked))
        for number in range(5):
            bring(payment, f"evt_{len(counts)}_{number}")
            refunding.refund(payment, 100)
    assert counts[0] == counts[1]
