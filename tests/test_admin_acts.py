"""At the desk Stripe is asked again, and what is stuck is taken up by a person."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.urls import reverse

from htmx_checkout import incidents, signals
from htmx_checkout.core.failpoints import Failpoint, watchers
from htmx_checkout.exceptions import EventUndecided
from htmx_checkout.models import (
    AuditEntry,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    WebhookEvent,
)
from htmx_checkout.outbox import deliver
from htmx_checkout.webhooks import process, store
from tests.cast import knock, open_payment, shopper
from tests.desk import clerk, paid, press, said, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def olive(db):
    return clerk("refund_order", "capture_order", "settle_order")


# --- Orders ------------------------------------------------------------------


def test_an_order_is_cancelled_at_stripe_and_here(till, begun, olive):
    order = begun[1].order
    assert "is cancelled" in press(olive, order, "cancel")
    assert till.intent(begun[1].stripe_id).status == "canceled"
    cancelled = AuditEntry.objects.get(what="order", after="cancelled")
    assert (cancelled.cause, cancelled.caused_by) == ("staff", "olive")


def test_who_cancels_while_the_shopper_pays_learns_that_it_is_paid(till, begun, olive):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    assert "is paid" in press(olive, payment.order, "cancel")


def test_silence_decides_nothing(till, begun, olive):
    till.trouble("reset_before", 2)
    assert "Nothing is decided" in press(olive, begun[1].order, "cancel")
    assert Order.objects.get().is_open


def test_asking_again_finds_what_nobody_has_told(till, begun, olive):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    till.client.v1.refunds.create({"payment_intent": payment.stripe_id, "amount": 200})
    assert "is paid" in press(olive, payment.order, "ask")
    payment.refresh_from_db()
    assert payment.amount_refunded == 200
    assert AuditEntry.objects.get(what="order", after="paid").caused_by == "olive"


def test_asking_again_finds_an_intent_whose_answer_was_lost(till, olive):
    till.trouble("reset_after", 2)
    open_payment(shopper())
    payment = Payment.objects.get()
    assert payment.stripe_id is None
    press(olive, payment, "ask")
    payment.refresh_from_db()
    assert payment.stripe_id.startswith("pi_")


def test_asking_again_in_silence_says_so(till, begun, olive):
    till.trouble("reset_before", 2)
    assert "Stripe did not answer" in press(olive, begun[1].order, "ask")


def test_several_orders_are_asked_about_from_the_list(till, olive):
    for _person in range(2):
        open_payment(shopper())
    for payment in Payment.objects.all():
        till.pay(payment.stripe_id)
    page = reverse("admin:htmx_checkout_order_changelist")
    keys = [order.pk for order in Order.objects.all()]
    chosen = olive.post(page, {"action": "ask_again", "_selected_action": keys})
    shown = olive.get(chosen.url)
    assert all(order.reference in shown.text for order in Order.objects.all())
    done = olive.post(reverse("admin:htmx_checkout_order_ask_several"), {"order": keys})
    assert "asked about 2 orders" in said(olive.get(done.url))
    assert all(order.is_paid for order in Order.objects.all())
    assert LogEntry.objects.count() == 2


def test_asking_about_several_stops_when_stripe_is_silent(till, begun, olive):
    till.trouble("reset_before", 2)
    several = reverse("admin:htmx_checkout_order_ask_several")
    done = olive.post(several, {"order": [begun[1].order.pk]})
    assert "0 of 1 orders" in said(olive.get(done.url))


def test_who_may_not_settle_asks_about_none(till, begun):
    mallory = clerk(name="mallory")
    several = reverse("admin:htmx_checkout_order_ask_several")
    sent = {"order": [begun[1].order.pk]}
    assert mallory.get(several, sent).status_code == 403
    assert mallory.post(several, sent).status_code == 403
    listed = mallory.get(reverse("admin:htmx_checkout_order_changelist"))
    assert "ask_again" not in listed.text


# --- Events ------------------------------------------------------------------


def sent(till, kind):
    """The event of a kind that Stripe has made, and an endpoint would get."""
    (found, *_more) = till.client.v1.events.list({"type": kind}).data
    return found.to_dict()


@pytest.fixture
def undecided(till, begun):
    """An event that came while Stripe was silent."""
    _ada, payment = begun
    till.pay(payment.stripe_id)
    succeeded = sent(till, "payment_intent.succeeded")
    till.trouble("reset_before", 2)
    assert knock(succeeded).status_code == 503
    till.reset_faults()
    return WebhookEvent.objects.get()


def test_an_event_is_tried_again_by_a_person(undecided, olive):
    assert "processed: applied" in press(olive, undecided, "again")
    assert Order.objects.get().is_paid
    paid_by = AuditEntry.objects.get(what="order", after="paid")
    assert (paid_by.cause, paid_by.caused_by) == ("staff", "olive")
    assert url(undecided, "again") not in olive.get(url(undecided)).text


def test_a_parked_event_is_tried_again_and_its_incident_closes(undecided, olive):
    undecided.tries = WebhookEvent.MAX_TRIES
    store.fail(undecided, RuntimeError(), counts=True)
    assert Incident.objects.get().kind == "parked_event"
    assert "processed: applied" in press(olive, undecided, "again")
    told = Incident.objects.get()
    assert told.closed_at is not None


def test_an_event_that_is_parked_again_is_told_again(undecided):
    for _time in range(2):
        undecided.tries, undecided.parked_at = WebhookEvent.MAX_TRIES, None
        store.fail(undecided, RuntimeError(), counts=True)
        incidents.close(Incident.objects.get(closed_at=None), "looked at")


def test_an_event_that_fails_again_says_so_and_stays(till, undecided, olive):
    till.trouble("reset_before", 2)
    assert "is not processed" in press(olive, undecided, "again")
    undecided.refresh_from_db()
    assert undecided.done_at is None


def test_an_incident_stays_open_when_the_event_fails_for_the_last_time(undecided):
    def fail(stop):
        if stop is Failpoint.SETTLING:
            raise ZeroDivisionError

    WebhookEvent.objects.update(tries=WebhookEvent.MAX_TRIES - 1)
    watchers.append(fail)
    try:
        process.retry(undecided)
    finally:
        watchers.remove(fail)
    assert WebhookEvent.objects.get().parked_at is not None
    assert Incident.objects.get().closed_at is None


def test_an_event_that_is_processed_is_only_returned(till, undecided):
    for _again in range(2):
        assert process.retry(undecided).outcome == "applied"
    assert AuditEntry.objects.filter(what="order", after="paid").count() == 1


def test_again_raises_what_a_delivery_would(till, undecided):
    till.trouble("reset_before", 2, path="/v1/payment_intents")
    with pytest.raises(EventUndecided):
        process.retry(undecided)


# --- Messages ----------------------------------------------------------------


def park(message):
    """Fail once too often, as a delivery would."""
    message.tries, message.parked_at = OutboxMessage.MAX_TRIES, None
    with transaction.atomic():
        deliver._fail(message, "RuntimeError")


@pytest.fixture
def parked(till, begun):
    """A message whose receiver was broken, until now."""

    def broken(**kwargs):
        raise RuntimeError

    signals.order_paid.connect(broken)
    payment = paid(till, begun)
    signals.order_paid.disconnect(broken)
    message = OutboxMessage.objects.get(name="order_paid")
    park(message)
    message.refresh_from_db()
    assert payment.order.is_paid
    return message


@pytest.mark.django_db(transaction=True)
def test_a_parked_message_is_told_when_a_person_says_so(till, begun, heard):
    message = request_parked(till, begun)
    olive = clerk("settle_order")
    heard.clear()
    assert "All have heard it" in press(olive, message, "retry")
    assert heard == [message.order.reference]
    entry = AuditEntry.objects.filter(what="message").last()
    assert (entry.before, entry.after, entry.caused_by) == ("parked", "due", "olive")


def request_parked(till, begun):
    payment = paid(till, begun)
    message = OutboxMessage.objects.get(name="order_paid")
    OutboxMessage.objects.filter(pk=message.pk).update(done_at=None, heard=[])
    park(message)
    message.refresh_from_db()
    assert payment.order.is_paid
    return message


def test_a_message_that_is_parked_again_is_told_again(parked):
    incidents.close(Incident.objects.get(kind="parked_message"), "looked at")
    park(parked)
    assert Incident.objects.filter(closed_at=None).count() == 1


# --- Incidents ---------------------------------------------------------------


@pytest.fixture
def open_incident(begun):
    facts = {"order": begun[1].order, "payment": begun[1], "currency": "gbp"}
    return Incident.objects.create(
        kind="late", subject="pi_1", detail="late", amount=4200, **facts
    )


def test_an_incident_is_closed_with_a_reason_in_a_persons_name(open_incident, olive):
    assert "Closed: paid back" in press(
        olive, open_incident, "close", reason="paid back"
    )
    open_incident.refresh_from_db()
    assert open_incident.closed_by == "olive"
    assert open_incident.resolution == "paid back"
    entry = AuditEntry.objects.get(what="incident")
    assert (entry.after, entry.cause, entry.caused_by) == ("closed", "staff", "olive")


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_incident_is_not_closed_without_a_reason(open_incident, olive, reason):
    page = olive.post(url(open_incident, "close"), {"reason": reason})
    assert page.status_code == 422
    open_incident.refresh_from_db()
    assert open_incident.closed_at is None


@pytest.mark.parametrize(
    ("scene", "act"),
    [("open_incident", "close"), ("undecided", "again"), ("parked", "retry")],
)
def test_who_may_not_settle_takes_nothing_up(request, scene, act):
    row = request.getfixturevalue(scene)
    mallory = clerk("refund_order", "capture_order", name="mallory")
    assert url(row, act) not in mallory.get(url(row)).text
    assert mallory.post(url(row, act), {"reason": "x"}).status_code == 403
