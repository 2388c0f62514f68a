"""Makes one call to Stripe, and sorts its errors by what a caller can do."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

import stripe
from django.db import connection
from django.utils import timezone

from ..conf import conf
from ..exceptions import (
    AmountTooLarge,
    AmountTooSmall,
    CheckoutError,
    EmailRefused,
    GatewayError,
    IntentMoved,
    ObjectMissing,
    StripeBusy,
    StripeRefused,
    StripeStuck,
    StripeUnreachable,
)
from . import retry
from .objects import Answer, Intent
from .retry import Verdict

logger = logging.getLogger(__name__)

# Telemetry would send an id of this machine and the duration of earlier calls.
stripe.enable_telemetry = False

API_VERSION = "2026-10-28.endive"
# Seconds to connect, and to wait between bytes. The package's own 80 would hold
# a worker for minutes.
TIMEOUT_SECONDS = (1, 5)
# The package itself must not repeat: `retry` does, and reports to the circuit breaker.
RETRIES = 0


def ask[Result](
    call: Callable[[Any], Any], translate: Callable[[Answer], Result]
) -> Result:
    """Make one call to Stripe and translate its answer.

    ``call`` gets Stripe's v1 services; ``translate`` turns the answer into a value of
    ours. If it raises ``StripeUnreachable``, for a broken answer, the call is
    repeated once, as after a timeout. Takes about twelve seconds at most. Raises any
    ``GatewayError``, a ``DraftRefused`` for what the shopper can correct, and
    ``RuntimeError`` inside a transaction.
    """
    if _in_transaction():
        raise RuntimeError("Stripe was called inside a transaction (invariant I12).")
    asked_at = timezone.now()

    def once() -> Result:
        found = call(_client(conf().secret_key, conf().api_base).v1)
        return translate(Answer(found, asked_at, _request_id(found)))

    try:
        return retry.make(once, _verdict)
    except retry.CircuitOpen:
        raise StripeUnreachable("The circuit is open: nothing was asked.") from None
    except retry.Crowded as error:
        raise StripeBusy(str(error)) from None
    except stripe.StripeError as error:
        raise _translated(error, asked_at) from None


def ask_all[Item](
    name: str,
    begin: datetime,
    translate: Callable[[Answer], Item],
    *,
    end: datetime | None = None,
    admits: Callable[[Any], bool] = lambda item: bool(
        getattr(item, "payment_intent", True)
    ),
    max_pages: int | None = None,
    **params: Any,
) -> Iterator[Item]:
    """Every object of Stripe's list ``name`` created from ``begin`` to ``end``.

    Newest first, with one call for each hundred. Only what ``admits`` accepts, by
    default what has an intent: other charges on the account are not ours. Raises as
    ``ask`` does, and ``StripeUnreachable`` if there are more than ``max_pages``.
    """
    params |= {"created": {"gte": int(begin.timestamp())}, "limit": 100}
    if end is not None:
        params["created"]["lte"] = int(end.timestamp())
    for pages in count(1):
        page = ask(lambda v1: getattr(v1, name).list(params), lambda answer: answer)
        items = page.found.data
        yield from (translate(replace(page, found=i)) for i in items if admits(i))
        if not page.found.has_more or not items:
            return
        if pages == max_pages:
            raise StripeUnreachable("Too many objects in the window to be sure.")
        params["starting_after"] = items[-1].id


def _verdict(error: Exception) -> Verdict:
    """Sort an error for ``retry``: repeat, unknown or final."""
    if isinstance(error, StripeUnreachable):
        return Verdict.UNKNOWN
    if not isinstance(error, stripe.StripeError):
        return Verdict.FINAL
    kind = _kind(error, getattr(error.error, "code", None))
    if kind is StripeBusy:
        return Verdict.REPEAT
    return Verdict.UNKNOWN if kind is StripeUnreachable else Verdict.FINAL


def _request_id(found: Any) -> str:
    return str(getattr(getattr(found, "last_response", None), "request_id", "") or "")


def _in_transaction() -> bool:
    """True inside a transaction, but for the one around a test case.

    The same check as in Django's ``atomic(durable=True)``.
    """
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)


# What Stripe refuses for a reason that the shopper can correct.
REFUSALS: dict[str, type[CheckoutError]] = {
    "amount_too_small": AmountTooSmall,
    "amount_too_large": AmountTooLarge,
    "email_invalid": EmailRefused,
}


def _translated(error: stripe.StripeError, asked_at: datetime) -> CheckoutError:
    """Sort Stripe's error by what a caller can do about it."""
    request_id, code = error.request_id, getattr(error.error, "code", None)
    said = f"{type(error).__name__} {error.http_status} {code}"
    moved = getattr(error.error, "payment_intent", None)
    if code == "payment_intent_unexpected_state" and moved is not None:
        intent = Intent.from_stripe(Answer(moved, asked_at, request_id or ""))
        found: CheckoutError = IntentMoved(said, intent, request_id=request_id)
    elif code in REFUSALS:
        found = REFUSALS[code](said)
    else:
        found = failed = _kind(error, code)(said, request_id=request_id)
        failed.stripe_code = code or ""
    # A refusal is a mistake of ours and does not go away by itself, so it is logged as
    # an error. Everything else is to be expected.
    is_ours = type(found) is StripeRefused or isinstance(error, stripe.IdempotencyError)
    level = logging.ERROR if is_ours else logging.WARNING
    logger.log(level, "Stripe: %s, request %s", said, request_id)
    return found


def _kind(error: stripe.StripeError, code: str | None) -> type[GatewayError]:
    if code == "resource_missing":
        return ObjectMissing
    if error.http_status in (409, 429):
        return StripeBusy
    if isinstance(error, stripe.IdempotencyError):
        # The key was used for something else, and what that has made is not known.
        return StripeStuck
    # A proxy's page with status 200 is an APIError too.
    if isinstance(error, stripe.APIError | stripe.APIConnectionError):
        headers = error.headers or {}
        is_saved = headers.get("Idempotent-Replayed") == "true"
        return StripeStuck if is_saved else StripeUnreachable
    return StripeRefused


@cache
def _client(secret_key: str, api_base: str) -> stripe.StripeClient:
    # One client for a process: its HTTP session is kept per thread.
    return stripe.StripeClient(
        secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": api_base},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=RETRIES,
    )
