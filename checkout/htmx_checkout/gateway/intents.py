"""PaymentIntents: https://docs.stripe.com/api/payment_intents."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from stripe.params import PaymentIntentCreateParams, PaymentIntentUpdateParams

from ..conf import conf
from ..exceptions import StripeUnreachable
from ..money import Money
from .client import ask, ask_all
from .objects import Answer, Intent

# `find` gives up after so many pages of a hundred: the intent may still be on a later
# one. Usually its window of minutes fits on one page.
MAX_PAGES = 20


def create(
    *, total: Money, email: str, reference: str, attempt: int, key: str
) -> Intent:
    """Create the PaymentIntent of one attempt to have an order paid.

    ``key`` is made and stored by ``payments.start``. Safe to repeat with the same key
    and the same arguments for 24 hours: Stripe then answers with the same intent.
    Raises any ``GatewayError``, and a ``DraftRefused`` for an amount or an address that
    Stripe does not take.
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
    options = {"idempotency_key": key}
    return ask(
        lambda v1: v1.payment_intents.create(params, options), Intent.from_stripe
    )


def update(stripe_id: str, *, total: Money, email: str, key: str) -> Intent:
    """Change an intent's total and e-mail. Safe to repeat with the same ``key``.

    Raises any ``GatewayError``; ``IntentMoved`` when it is too late for a change.
    """
    params: PaymentIntentUpdateParams = {
        "amount": total.amount,
        "currency": total.currency,
        "receipt_email": email,
    }
    return _change("update", stripe_id, params, key)


def retrieve(stripe_id: str) -> Intent:
    """The intent as it is now. Always safe to repeat; raises any ``GatewayError``."""
    # The charge says until when the bank holds the money.
    params: Any = {"expand": ["latest_charge"]} if conf().captures_later else {}
    return _same(stripe_id, lambda v1: v1.payment_intents.retrieve(stripe_id, params))


def cancel(stripe_id: str, *, reason: str, key: str) -> Intent:
    """Cancel an intent, so that it can never be paid; held money is released.

    ``reason`` is one of Stripe's: abandoned, duplicate, requested_by_customer. If the
    shopper pays at the same time, Stripe decides who was first: ``IntentMoved``
    carries the intent that was paid. Raises any ``GatewayError``. Safe to repeat.
    """
    return _change("cancel", stripe_id, {"cancellation_reason": reason}, key)


def capture(stripe_id: str, *, amount: int, key: str) -> Intent:
    """Capture ``amount`` minor units of held money; the rest of it is released.

    Safe to repeat with the same ``key``. Raises any ``GatewayError``; ``IntentMoved``
    when nothing is held any more.
    """
    return _change("capture", stripe_id, {"amount_to_capture": amount}, key)


def find(
    reference: str, attempt: int, *, since: datetime, until: datetime
) -> Intent | None:
    """The intent that was made for one attempt in a window of time, or None.

    Reads the list, which is always current. Search may be a minute behind
    (https://docs.stripe.com/search#data-freshness). Raises any ``GatewayError``;
    ``StripeUnreachable`` when the window holds too much to be sure.
    """
    created = _created_here(since, end=until, max_pages=MAX_PAGES)
    names = (reference, attempt)
    return next((i for i in created if (i.order, i.attempt) == names), None)


def since(begin: datetime) -> Iterator[Intent]:
    """Every intent of this installation that was created at ``begin`` or later."""
    return _created_here(begin)


def _created_here(begin: datetime, **limits: Any) -> Iterator[Intent]:
    translate = Intent.from_stripe
    return ask_all("payment_intents", begin, translate, admits=_is_ours, **limits)


def _is_ours(item: Any) -> bool:
    # Before it is translated: intents of others on the account may lack fields.
    notes = item.metadata.to_dict() if item.metadata else {}
    return bool(notes.get("installation") == conf().installation)


def _change(name: str, stripe_id: str, params: Any, key: str) -> Intent:
    options = {"idempotency_key": key}

    def call(v1: Any) -> Any:
        return getattr(v1.payment_intents, name)(stripe_id, params, options)

    return _same(stripe_id, call)


def _same(stripe_id: str, call: Callable[[Any], Any]) -> Intent:
    """Make ``call``; an answer about another intent counts as no answer."""

    def translate(answer: Answer) -> Intent:
        intent = Intent.from_stripe(answer)
        if intent.stripe_id != stripe_id:
            raise StripeUnreachable("Stripe answered with another intent.")
        return intent

    return ask(call, translate)
