"""Disputes: https://docs.stripe.com/api/disputes."""

from collections.abc import Iterator
from datetime import datetime

from .client import ask, ask_all
from .objects import StripeDispute


def disputes_since(begin: datetime) -> Iterator[StripeDispute]:
    """Every dispute on the account that was opened at ``begin`` or later."""
    return ask_all("disputes", begin, StripeDispute.from_stripe)


def dispute(stripe_id: str) -> StripeDispute:
    """The dispute as it is now. Always safe to repeat; raises ``GatewayError``."""
    return ask(lambda v1: v1.disputes.retrieve(stripe_id), StripeDispute.from_stripe)
