"""Refused deliveries are counted, and cost nothing else."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from htmx_checkout.webhooks import refusals
from tests.support.cast import event, post_event, signed

pytestmark = pytest.mark.django_db(transaction=True)


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
    post_event(raw, signature=signed(raw, "whsec_wrong"))
    assert till.calls() == []
