"""Refunds, disputes and events."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from stripe import RequestOptions

from ..conf import conf
from ..exceptions import StripeUnreachable
from .client import Answer, ask
from .objects import StripeDispute, StripeRefund


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
    return _listed("refunds", begin, _refund)


def disputes_since(begin: datetime) -> Iterator[StripeDispute]:
    """Every dispute on the account that was opened at ``begin`` or later."""
    return _listed("disputes", begin, _dispute)


def dispute(stripe_id: str) -> StripeDispute:
    """Ask Stripe how a dispute stands. Always safe to repeat."""
    return ask(lambda v1: v1.disputes.retrieve(stripe_id), _dispute)


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
    return _listed("events", since, _plain, **more)


def event(stripe_id: str) -> dict[str, Any]:
    """One event as plain data; raises ``IntentMissing`` once Stripe has dropped it."""
    return ask(lambda v1: v1.events.retrieve(stripe_id), _plain)


def _refund(answer: Answer) -> StripeRefund:
    return StripeRefund.from_stripe(answer.found, answer.request_id)


def _all_refunds(answer: Answer) -> list[StripeRefund]:
    if answer.found.has_more:
        raise StripeUnreachable("More refunds of one intent than fit on a page.")
    return [_refund(replace(answer, found=item)) for item in answer.found.data]


def _dispute(answer: Answer) -> StripeDispute:
    return StripeDispute.from_stripe(answer.found, answer.asked_at, answer.request_id)


def _plain(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = answer.found.to_dict()
    return found


def _listed[Item](
    name: str, begin: datetime, tell: Callable[[Answer], Item], **more: Any
) -> Iterator[Item]:
    """Every object of a list since ``begin``, newest first.

    What belongs to no intent (a charge of another kind, on a shared account) is
    left out.
    """
    created = {"gte": int(begin.timestamp())}
    asked: dict[str, Any] = {"created": created, "limit": 100, **more}
    while True:
        page = ask(_page(name, asked), lambda answer: answer)
        held = page.found.data
        for item in held:
            if getattr(item, "payment_intent", True):
                yield tell(replace(page, found=item))
        if not page.found.has_more or not held:
            return
        asked["starting_after"] = held[-1].id


def _page(name: str, asked: dict[str, Any]) -> Callable[[Any], Any]:
    params = dict(asked)
    return lambda v1: getattr(v1, name).list(params)
