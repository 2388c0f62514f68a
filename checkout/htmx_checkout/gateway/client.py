"""Makes one call to Stripe, and sorts its errors by what a caller can do."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
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
    EventRefused,
    GatewayError,
    IntentMissing,
    IntentMoved,
    StripeBusy,
    StripeRefused,
    StripeStuck,
    StripeUnreachable,
)
from . import retry
from .objects import Intent
from .retry import Verdict

logger = logging.getLogger(__name__)

# Sends a random id of this machine and the timing of calls with each request.
stripe.enable_telemetry = False

API_VERSION = "2026-10-28.endive"
# Seconds to connect, and to wait between bytes. The package's own 80 would hold
# a worker for minutes.
TIMEOUT_SECONDS = (1, 5)
# `retry` repeats, and tells the circuit breaker; the package would do it unseen.
RETRIES = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Stripe's answer, when it was asked (by our clock), and Stripe's request id."""

    found: Any
    asked_at: datetime
    request_id: str


def ask[Told](call: Callable[[Any], Any], tell: Callable[[Answer], Told]) -> Told:
    """Make one call to Stripe and translate its answer.

    ``call`` gets Stripe's v1 services; ``tell`` turns the answer into a value of
    ours, and raises ``StripeUnreachable`` for a broken one, which is asked for
    again. Takes about twelve seconds at most, with one repeat on the same key.
    Raises any ``GatewayError``, the ``DraftRefused`` that the shopper can correct,
    and ``RuntimeError`` inside a transaction.
    """
    if _in_transaction():
        raise RuntimeError("Stripe was called inside a transaction (invariant I12).")
    asked_at = timezone.now()

    def once() -> Told:
        found = call(_client().v1)
        return tell(Answer(found, asked_at, _request_id(found)))

    try:
        return retry.make(once, _verdict)
    except retry.Refused:
        raise StripeUnreachable("The circuit is open: nothing was asked.") from None
    except retry.Crowded as error:
        raise StripeBusy(str(error)) from None
    except stripe.StripeError as error:
        raise _translated(error, asked_at) from None


def ask_all[Item](
    name: str, begin: datetime, tell: Callable[[Answer], Item], **more: Any
) -> Iterator[Item]:
    """Every object of Stripe's list ``name`` since ``begin``, newest first.

    One call for a hundred of them. What belongs to no intent (a charge of another
    kind, on a shared account) is left out. Raises as ``ask`` does.
    """
    created = {"gte": int(begin.timestamp())}
    params: dict[str, Any] = {"created": created, "limit": 100, **more}
    while True:
        page = ask(_list(name, params), lambda answer: answer)
        items = page.found.data
        for item in items:
            if getattr(item, "payment_intent", True):
                yield tell(replace(page, found=item))
        if not page.found.has_more or not items:
            return
        params["starting_after"] = items[-1].id


def _list(name: str, params: dict[str, Any]) -> Callable[[Any], Any]:
    asked = dict(params)
    return lambda v1: getattr(v1, name).list(asked)


def _verdict(error: Exception) -> Verdict:
    """What an error says about Stripe's health, and about asking again."""
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
    """True inside a transaction of ours; a test case's own does not count.

    The same question that ``atomic(durable=True)`` asks of itself.
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
        intent = Intent.from_stripe(moved, asked_at, request_id or "")
        found: CheckoutError = IntentMoved(said, intent, request_id=request_id)
    elif code in REFUSALS:
        found = REFUSALS[code](said)
    else:
        found = failed = _kind(error, code)(said, request_id=request_id)
        failed.stripe_code = code or ""
    # A refusal is a mistake of ours that does not pass by itself: an error in the
    # log. Whatever else happens here is expected.
    is_ours = type(found) is StripeRefused or isinstance(error, stripe.IdempotencyError)
    level = logging.ERROR if is_ours else logging.WARNING
    logger.log(level, "Stripe: %s, request %s", said, request_id)
    return found


def _kind(error: stripe.StripeError, code: str | None) -> type[GatewayError]:
    if code == "resource_missing":
        return IntentMissing
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


def _client() -> stripe.StripeClient:
    return _client_for(conf().secret_key, conf().api_base)


@cache
def _client_for(secret_key: str, api_base: str) -> stripe.StripeClient:
    # One client for a process: its HTTP session is kept per thread.
    return stripe.StripeClient(
        secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": api_base},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=RETRIES,
    )


def verify(body: bytes, signature: str) -> None:
    """Raise ``EventRefused`` unless one of our secrets signed exactly this body.

    https://docs.stripe.com/webhooks/signature; several secrets, since the old
    one still signs for a day after a rotation. No secret at all refuses.
    """
    for secret in conf().webhook_secrets:
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), signature, secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
        except (stripe.SignatureVerificationError, ValueError, TypeError):
            # The package lets bytes that are no UTF-8 and letters that are no
            # ASCII escape as ValueError and TypeError.
            continue
        return
    raise EventRefused("No webhook secret signed this body.")
