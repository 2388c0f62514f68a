"""Refunds: https://docs.stripe.com/api/refunds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..conf import conf
from ..exceptions import StripeUnreachable
from .client import ask, ask_all
from .objects import Answer, StripeRefund


def refund(
    intent_id: str, *, amount: int, reason: str, number: str, key: str
) -> StripeRefund:
    """Pay back ``amount`` minor units of a payment, in the payment's currency.

    ``number`` is stored in the refund's metadata, and tells which row of ours it is.
    Safe to repeat with the same ``key`` and arguments for 24 hours. Raises any
    ``GatewayError``; ``StripeRefused`` if less than that is left, or a dispute has
    taken it (https://docs.stripe.com/api/refunds/create).
    """
    params: dict[str, Any] = {
        "payment_intent": intent_id,
        "amount": amount,
        "metadata": {"refund": number, "installation": conf().installation},
    }
    if reason:
        params["reason"] = reason
    options = {"idempotency_key": key}
    return ask(lambda v1: v1.refunds.create(params, options), StripeRefund.from_stripe)


def refunds(intent_id: str) -> list[StripeRefund]:
    """Every refund of an intent. Always safe to repeat; raises ``GatewayError``.

    All of them, not only the one that an event names: they are added up, which is only
    right for amounts of one moment. An intent has far fewer than a page's hundred.
    """
    params = {"payment_intent": intent_id, "limit": 100}
    return ask(lambda v1: v1.refunds.list(params), _all_refunds)


def refunds_since(begin: datetime) -> Iterator[StripeRefund]:
    """Every refund on the account that was created at ``begin`` or later."""
    return ask_all("refunds", begin, StripeRefund.from_stripe)


def _all_refunds(answer: Answer) -> list[StripeRefund]:
    if answer.found.has_more:
        raise StripeUnreachable("More refunds of one intent than fit on a page.")
    items = answer.found.data
    return [StripeRefund.from_stripe(replace(answer, found=item)) for item in items]
