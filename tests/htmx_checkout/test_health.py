"""How the checkout is: in numbers, quickly, and for staff alone."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from htmx_checkout import health
from htmx_checkout.gateway import circuit_breaker
from htmx_checkout.models import (
    Incident,
    OutboxMessage,
    Refund,
    RefusedDeliveries,
    WebhookEvent,
)
from htmx_checkout.webhooks import refusals
from tests.support.staff import clerk, settled_payment

pytestmark = pytest.mark.django_db


HEALTH = "/checkout/health/"


def test_a_stranger_finds_nothing():
    assert Client().get(HEALTH).status_code == 404
    ada = Client()
    ada.force_login(get_user_model().objects.create_user("ada"))
    assert ada.get(HEALTH).status_code == 404


def test_a_host_without_users_has_none(rf):
    from django.http import Http404

    with pytest.raises(Http404):
        health.health(rf.get(HEALTH))


def test_it_is_only_looked_at_and_kept_by_no_cache():
    olive = clerk()
    assert "no-store" in olive.get(HEALTH)["Cache-Control"]
    assert olive.post(HEALTH).status_code == 405


def test_a_quiet_shop_is_all_zeros():
    found = clerk().get(HEALTH).json()
    assert found == {
        "circuit": "closed",
        "webhooks_refused": 0,
        "events": {"undone": 0, "parked": 0, "oldest_seconds": None},
        "outbox": {"undone": 0, "parked": 0, "oldest_seconds": None},
        "incidents_open": {},
        "refunds": {"planned": 0, "unfinished": 0, "oldest_seconds": None},
        "payments": {"unfinished": 0, "oldest_seconds": None},
    }


def test_it_says_that_stripe_does_not_answer_f51():
    for _ in range(circuit_breaker.FAILURES):
        circuit_breaker.failed()
    assert clerk().get(HEALTH).json()["circuit"] == "open"


def test_it_counts_what_waits_and_says_for_how_long(till, begun):
    now = timezone.now()
    ago = [now - timedelta(minutes=minutes) for minutes in (10, 5, 1)]
    event = {"type": "x", "livemode": False}
    WebhookEvent.objects.create(stripe_id="evt_1", received_at=ago[0], **event)
    WebhookEvent.objects.create(
        stripe_id="evt_2", received_at=ago[1], parked_at=now, **event
    )
    WebhookEvent.objects.create(
        stripe_id="evt_3",
        received_at=now - timedelta(days=1),
        done_at=now,
        **event,
    )
    OutboxMessage.objects.create(
        name="order_paid", subject="x", object_id=1, staged_at=ago[1], parked_at=now
    )
    for kind, subject in [("late", "a"), ("late", "b"), ("stray", "c")]:
        Incident.objects.create(kind=kind, subject=subject)
    Incident.objects.create(
        kind="ledger", subject="d", closed_at=now, resolution="looked at"
    )
    Refund.objects.create(
        payment=begun[1],
        amount=1,
        currency="gbp",
        wanted_by="olive",
        idempotency_key="x",
        created_at=ago[2],
    )
    RefusedDeliveries.objects.create(pk=refusals.PK, count=7, last_at=now)
    found = clerk().get(HEALTH).json()
    assert found["webhooks_refused"] == 7
    assert found["events"] | {"oldest_seconds": 0} == {
        "undone": 2,
        "parked": 1,
        "oldest_seconds": 0,
    }
    assert 600 <= found["events"]["oldest_seconds"] <= 605
    assert (found["outbox"]["undone"], found["outbox"]["parked"]) == (1, 1)
    assert found["incidents_open"] == {"late": 2, "stray": 1}
    assert (found["refunds"]["planned"], found["refunds"]["unfinished"]) == (1, 1)
    assert found["payments"]["unfinished"] == 1


def test_what_is_done_is_not_counted(till, begun):
    settled_payment(till, begun)
    found = health.numbers()
    assert found["payments"] == {"unfinished": 0, "oldest_seconds": None}
    assert found["outbox"]["undone"] == 1


def test_it_takes_six_statements():
    with CaptureQueriesContext(connection) as asked:
        health.numbers()
    assert len(asked) == 6
