"""The calls about PaymentIntents: a list is read page by page, up to a limit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from htmx_checkout.exceptions import StripeUnreachable
from htmx_checkout.gateway import client
from htmx_checkout.gateway.objects import Intent


def listed(**limits):
    begin = timezone.now() - timedelta(minutes=5)
    read = client.ask_all("payment_intents", begin, Intent.from_stripe, **limits)
    return [intent.stripe_id for intent in read]


@pytest.mark.django_db
def test_a_window_that_holds_too_much_is_an_unknown_outcome(till):
    for _ in range(101):
        till.client.v1.payment_intents.create({"amount": 4200, "currency": "gbp"})
    assert len(set(listed(max_pages=2))) == 101
    with pytest.raises(StripeUnreachable):
        listed(max_pages=1)
