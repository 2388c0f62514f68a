"""Refunds, disputes and events."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from stripe import RequestOptions

from checkout.conf import conf
from checkout.exceptions import StripeUnreachable
from checkout.facts import DisputeFacts, RefundFacts

from .client import Answer, ask


def refund(
    intent_id: str, *, amount: int, reason: str, number: str, key: str
) -> RefundFacts:
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
    answer = ask(lambda v1: v1.refunds.create(params, options))
    return RefundFacts.from_stripe(answer.found, answer.request_id)


def refunds(intent_id: str) -> list[RefundFacts]:
    """Every refund of an intent, as Stripe has them. Always safe to repeat.

    All of them, and not the one that an event names: their sum is only right
    as of one moment. An intent has far fewer than the hundred of one page.
    """
    params = {"payment_intent": intent_id, "limit": 100}
    answer = ask(lambda v1: v1.refunds.list(params))
    if answer.found.has_more:
        raise StripeUnreachable("More refunds of one intent than fit on a page.")
    return [
        RefundFacts.from_stripe(item, answer.request_id) for item in answer.found.data
    ]


def refunds_since(begin: datetime) -> Iterator[RefundFacts]:
    """Every refund on the account that was created at ``begin`` or later."""
    for item, answer in _listed("refunds", begin):
        if item.payment_intent:
            yield RefundFacts.from_stripe(item, answer.request_id)


def disputes_since(begin: datetime) -> Iterator[DisputeFacts]:
    """Every dispute on the account that was opened at ``begin`` or later."""
    for item, answer in _listed("disputes", begin):
        yield DisputeFacts.from_stripe(item, answer.asked_at, answer.request_id)


def dispute(stripe_id: str) -> DisputeFacts:
    """Ask Stripe how a dispute stands. Always safe to repeat."""
    answer = ask(lambda v1: v1.disputes.retrieve(stripe_id))
    return DisputeFacts.from_stripe(answer.found, answer.asked_at, answer.request_id)


def events(
    *, since: datetime, types: tuple[str, ...], only_failed: bool
) -> Iterator[dict[str, Any]]:
    """Events that Stripe has kept, newest first, as plain data.

    Stripe keeps them for 30 days (https://docs.stripe.com/api/events/list).
    ``only_failed``: only those that an endpoint has not accepted.
    """
    more: dict[str, Any] = {"types": list(types)}
    if only_failed:
        more["delivery_success"] = False
    for item, _answer in _listed("events", since, **more):
        yield item.to_dict()


def event(stripe_id: str) -> dict[str, Any]:
    """One event as plain data; raises ``IntentMissing`` once Stripe has dropped it."""
    found: dict[str, Any] = ask(
        lambda v1: v1.events.retrieve(stripe_id)
    ).found.to_dict()
    return found


def _listed(name: str, begin: datetime, **more: Any) -> Iterator[tuple[Any, Answer]]:
    """Every object of a list since ``begin``, newest first, with its page's answer."""
    created = {"gte": int(begin.timestamp())}
    params: dict[str, Any] = {"created": created, "limit": 100, **more}
    while True:
        answer = ask(lambda v1: getattr(v1, name).list(dict(params)))
        held = answer.found.data
        for item in held:
            yield item, answer
        if not answer.found.has_more or not held:
            return
        params["starting_after"] = held[-1].id
