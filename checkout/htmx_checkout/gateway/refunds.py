"""Refunds: https://docs.stripe.com/api/refunds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from stripe import RequestOptions

from ..conf import conf
from ..exceptions import StripeUnreachable
from .client import Answer, ask, ask_all
from .objects import StripeRefund


def refund(
    intent_id: str, *, amount: int, reason: str, number: str, key: str
) -> StripeRefund:
    """Pay ``amount`` minor units of a payment back.

    ``number`` names our own row in the refund's metadata. Safe to repeat with
    the same ``key`` and arguments for 24 hours. Raises ``StripeRefused`` where
    there is not that much left, or the bank has taken it already; see
    https://docs.stripe.com/api/refunds/create.
    """
    params: dict[str, Any] = {
        "payment_intent": intent_id,
        "amount": amount,
        "metadata": {"refund": number, "installation": conf().installation},
    }
    if reason:
        params["reason"] = reason
    options: RequestOptions = {"idempotency_key": key}
    return ask(lambda v1: v1.refunds.create(params, options), _refund)


def refunds(intent_id: str) -> list[StripeRefund]:
    """Every refund of an intent, as Stripe has them. Always safe to repeat.

    All of them, and not the one that an event names: their sum is only right
    as of one moment. An intent has far fewer than the hundred of one page.
    """
    params = {"payment_intent": intent_id, "limit": 100}
    return ask(lambda v1: v1.refunds.list(params), _all_refunds)


def refunds_since(begin: datetime) -> Iterator[StripeRefund]:
    """Every refund on the account that was created at ``begin`` or later."""
    return ask_all("refunds", begin, _refund)


def _refund(answer: Answer) -> StripeRefund:
    return StripeRefund.from_stripe(answer.found, answer.request_id)


def _all_refunds(answer: Answer) -> list[StripeRefund]:
    if answer.found.has_more:
        raise StripeUnreachable("More refunds of one intent than fit on a page.")
    return [_refund(replace(answer, found=item)) for item in answer.found.data]
