"""Incidents: opened once, told once, closed with a reason."""

import pytest
from django.db import transaction

from htmx_checkout import incidents, signals
from htmx_checkout.core import transactions
from htmx_checkout.models import (
    AuditEntry,
    Incident,
    Order,
    OutboxMessage,
    Refund,
)
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import sync

pytestmark = pytest.mark.django_db(transaction=True)


def break_down(**kwargs):
    raise RuntimeError("no paper")


def report():
    facts = {"kind": incidents.Kind.STRAY, "subject": "pi_1", "detail": "4200 gbp"}
    return transactions.retried(lambda: incidents.report(**facts))()


def test_an_incident_is_told_once_to_the_host_and_to_the_log(till, caplog):
    told = []

    def hear(*, incident, **kwargs):
        told.append(incident.subject)

    signals.incident_opened.connect(hear)
    try:
        report()
        report()
    finally:
        signals.incident_opened.disconnect(hear)
    assert told == ["pi_1"]
    assert caplog.text.count("Money without an order: stray, pi_1") == 1


def test_a_closed_incident_stays_closed(till):
    incidents.close(report(), "looked at", by="grace")
    again = report()
    assert again.closed_at
    assert (again.closed_by, again.resolution) == ("grace", "looked at")


def test_an_incident_is_closed_once(till):
    incident = report()
    assert incidents.close(incident, "looked at", by="grace")
    assert not incidents.close(incident, "looked at again", by="mallory")
    assert Incident.objects.get().closed_by == "grace"


def test_an_incident_that_cannot_be_told_opens_no_other_incident(till):
    signals.incident_opened.connect(break_down)
    try:
        report()
        for _ in range(OutboxMessage.MAX_TRIES):
            deliver.deliver(OutboxMessage.objects.get().pk)
    finally:
        signals.incident_opened.disconnect(break_down)
    assert Incident.objects.count() == OutboxMessage.objects.count() == 1
    assert Order.objects.count() == 0


def test_an_incident_stays_open_while_the_money_is_on_its_way_back(till, begun):
    _ada, payment = begun
    Order.objects.update(status="cancelled")
    till.pay(payment.stripe_id, "pm_card_pendingRefund")
    sync.refresh_order(Order.objects.get())
    assert Refund.objects.get().status == "pending"
    assert Incident.objects.get().closed_at is None
    till.later(10)
    sync.refresh_refunds(payment)
    assert Incident.objects.get().resolution == "paid back"


def test_an_incident_that_is_reported_again_is_noted_and_told_once(till):
    for _ in range(3):
        with transaction.atomic():
            incidents.report(Incident.Kind.STRAY, "pi_1", "4200 gbp")
    assert AuditEntry.objects.filter(what="incident", after="open").count() == 1
    assert OutboxMessage.objects.count() == Incident.objects.count() == 1
