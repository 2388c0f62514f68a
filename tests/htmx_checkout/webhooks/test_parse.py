"""What is read from an event's body, and what is refused."""

import json

import pytest

from htmx_checkout.models import WebhookEvent
from tests.support.cast import event, post_event

HELD = {"id": "pi_1", "object": "payment_intent"}


@pytest.mark.django_db
def test_a_number_that_is_none_is_refused_wherever_it_stands_f33():
    raw = json.dumps(event("payment_intent.created", HELD, padding=float("nan")))
    assert "NaN" in raw
    assert post_event(raw.encode()).status_code == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_name_that_stands_twice_is_no_event_f33():
    raw = b'{"id": "evt_1", "id": "evt_2"}'
    assert post_event(raw).status_code == 400
    assert not WebhookEvent.objects.exists()
