"""Disputes: https://docs.stripe.com/api/disputes."""

from collections.abc import Iterator
from datetime import datetime

from .client import Answer, ask, ask_all
from .objects import StripeDispute


def disputes_since(begin: datetime) -> Iterator[StripeDispute]:
    """Every dispute on the account that was opened at ``begin`` or later."""
    return ask_all("disputes", begin, _dispute)


def dispute(stripe_id: str) -> StripeDispute:
    """Ask Stripe how a dispute stands. Always safe to repeat."""
    return ask(lambda v1: v1.disputes.retrieve(stripe_id), _dispute)


def _dispute(answer: Answer) -> StripeDispute:
    return StripeDispute.from_stripe(answer.found, answer.asked_at, answer.request_id)
