"""Events are tried again from the admin."""

import pytest

from htmx_checkout import incidents
from htmx_checkout.core.failpoints import Failpoint, watchers
from htmx_checkout.exceptions import EventUndecided
from htmx_checkout.models import (
    AuditEntry,
    Incident,
    Order,
    WebhookEvent,
)
from htmx_checkout.webhooks import process, store
from tests.support.staff import press, url

pytestmark = pytest.mark.django_db


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
