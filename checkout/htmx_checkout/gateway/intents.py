"""PaymentIntents: https://docs.stripe.com/api/payment_intents."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from stripe import RequestOptions
from stripe.params import PaymentIntentCreateParams, PaymentIntentUpdateParams

from ..conf import conf
from ..exceptions import StripeUnreachable
from ..money import Money
from .client import Answer, ask
from .objects import Intent

# An intent that is not found in this many pages of a hundred is not known to be
# absent. The window that is searched is narrow, so that one page is the rule.
MAX_PAGES = 20


def create(
    *, total: Money, email: str, reference: str, attempt: int, key: str
) -> Intent:
    """Create the PaymentIntent of one attempt to have an order paid.

    Safe to repeat with the same ``key`` and the same arguments for 24 hours:
    Stripe then answers with the same intent. Raises any ``GatewayError``.
    """
    params: PaymentIntentCreateParams = {
        "amount": total.amount,
        "currency": total.currency,
        "automatic_payment_methods": {"enabled": True},
        "metadata": {
            "order": reference,
            "attempt": str(attempt),
            "installation": conf().installation,
        },
    }
    if conf().captures_later:
        params["capture_method"] = "manual"
    if email:
        params["receipt_email"] = email
    options: RequestOptions = {"idempotency_key": key}
    return _intent(lambda v1: v1.payment_intents.create(params, options))


def update(stripe_id: str, *, total: Money, email: str, key: str) -> Intent:
    """Tell Stripe another total or e-mail. Safe to repeat with the same ``key``.

    Raises ``IntentMoved`` when it is too late to change anything.
    """
    params: PaymentIntentUpdateParams = {
        "amount": total.amount,
        "currency": total.currency,
        "receipt_email": email,
    }
    options: RequestOptions = {"idempotency_key": key}
    return _same(
        stripe_id, lambda v1: v1.payment_intents.update(stripe_id, params, options)
    )


def retrieve(stripe_id: str) -> Intent:
    """Ask Stripe how an intent stands. Always safe to repeat."""
    # The charge knows until when the bank holds the money.
    params: Any = {"expand": ["latest_charge"]} if conf().captures_later else {}
    return _same(stripe_id, lambda v1: v1.payment_intents.retrieve(stripe_id, params))


def cancel(stripe_id: str, *, reason: str, key: str) -> Intent:
    """Cancel an intent, so that it can never be paid; held money is released.

    ``reason`` is one of Stripe's: abandoned, duplicate, requested_by_customer.
    Stripe's answer decides the race with a shopper who pays at this moment:
    ``IntentMoved`` carries the intent that was paid. Safe to repeat.
    """
    params: Any = {"cancellation_reason": reason}
    options: RequestOptions = {"idempotency_key": key}
    return _same(
        stripe_id, lambda v1: v1.payment_intents.cancel(stripe_id, params, options)
    )


def capture(stripe_id: str, *, amount: int, key: str) -> Intent:
    """Take ``amount`` minor units of held money; what is left of it is released.

    Safe to repeat with the same ``key``. Raises ``IntentMoved`` when nothing is
    held any more.
    """
    params: Any = {"amount_to_capture": amount}
    options: RequestOptions = {"idempotency_key": key}
    return _same(
        stripe_id, lambda v1: v1.payment_intents.capture(stripe_id, params, options)
    )


def find(
    reference: str, attempt: int, *, since: datetime, until: datetime
) -> Intent | None:
    """The intent that was made for one attempt in a window of time, if there is one.

    By the list, which is never behind, and not by search, which is
    (https://docs.stripe.com/search#data-freshness). Raises ``StripeUnreachable``
    when the window holds too much to be sure.
    """
    for intent in _listed(since, until):
        if (intent.order, intent.attempt) == (reference, attempt):
            return intent
    return None


def since(begin: datetime) -> Iterator[Intent]:
    """Every intent of this installation that was created at ``begin`` or later."""
    return _listed(begin, None, max_pages=None)


def _listed(
    begin: datetime, end: datetime | None, max_pages: int | None = MAX_PAGES
) -> Iterator[Intent]:
    created = {"gte": int(begin.timestamp())}
    if end is not None:
        created["lte"] = int(end.timestamp())
    params: dict[str, Any] = {"created": created, "limit": 100}
    pages = 0
    while True:
        items, ours, has_more = ask(_page(params), _read_page)
        yield from ours
        pages += 1
        if not has_more or not items:
            return
        if pages == max_pages:
            raise StripeUnreachable("Too many intents in the window to be sure.")
        params["starting_after"] = items[-1].id


def _page(params: dict[str, Any]) -> Callable[[Any], Any]:
    asked = dict(params)
    return lambda v1: v1.payment_intents.list(asked)


def _read_page(answer: Answer) -> tuple[list[Any], list[Intent], bool]:
    items = answer.found.data
    ours = [_read(item, answer) for item in items if _is_ours(item)]
    return items, ours, answer.found.has_more


def _is_ours(item: Any) -> bool:
    # Before it is translated: intents of others on the account may lack fields.
    notes = item.metadata.to_dict() if item.metadata else {}
    return bool(notes.get("installation") == conf().installation)


def _same(stripe_id: str, call: Callable[[Any], Any]) -> Intent:
    """An answer about another intent than was asked for is no answer."""

    def tell(answer: Answer) -> Intent:
        intent = _read(answer.found, answer)
        if intent.stripe_id != stripe_id:
            raise StripeUnreachable("Stripe answered with another intent.")
        return intent

    return ask(call, tell)


def _intent(call: Callable[[Any], Any]) -> Intent:
    return ask(call, lambda answer: _read(answer.found, answer))


def _read(item: Any, answer: Answer) -> Intent:
    return Intent.from_stripe(item, answer.asked_at, answer.request_id)
