"""The one door to Stripe. Its words and exceptions stop here.

Nothing else imports ``stripe``. What comes out are our own values, with
Stripe's statuses translated and the unknown named; what fails comes out as one
of the ``GatewayError``s, sorted by the only question a caller has: is the
outcome known, and can the call be repeated?
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import stripe
from django.db import connection
from stripe.params import PaymentIntentCreateParams, PaymentIntentUpdateParams

from .conf import conf
from .exceptions import (
    EventRefused,
    GatewayError,
    IntentMissing,
    IntentMoved,
    StripeBusy,
    StripeRefused,
    StripeUnreachable,
)
from .money import Money
from .statuses import PaymentStatus

logger = logging.getLogger(__name__)

# Sends a random id of this machine and the timing of calls with each request.
stripe.enable_telemetry = False

API_VERSION = "2026-10-28.endive"
# Seconds to connect, and to wait between bytes. The package's own 80 would hold
# a worker for minutes; with one retry a call ends within about 12.
TIMEOUT_SECONDS = (1, 5)
RETRIES = 1

# https://docs.stripe.com/payments/paymentintents/lifecycle
STATUSES = {
    "requires_payment_method": PaymentStatus.OPEN,
    "requires_confirmation": PaymentStatus.OPEN,
    "requires_action": PaymentStatus.ACTION,
    "processing": PaymentStatus.PROCESSING,
    "requires_capture": PaymentStatus.AUTHORISED,
    "succeeded": PaymentStatus.SUCCEEDED,
    "canceled": PaymentStatus.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A PaymentIntent as Stripe holds it now.

    Amounts are in minor units of ``currency``. ``status`` is ours; one that
    this release does not know is ``PROCESSING``, which neither thanks nor asks
    for another card.
    """

    stripe_id: str
    status: PaymentStatus
    amount: int
    amount_received: int
    currency: str
    livemode: bool
    client_secret: str = field(repr=False)
    last_error: str = ""
    order: str = ""
    installation: str = ""

    @classmethod
    def from_stripe(cls, found: Any) -> "Intent":
        """Translate; raise ``StripeUnreachable`` if this is no whole intent."""
        try:
            return cls(
                stripe_id=found.id,
                status=STATUSES.get(found.status, PaymentStatus.PROCESSING),
                amount=found.amount,
                amount_received=found.amount_received,
                currency=found.currency,
                livemode=found.livemode,
                client_secret=found.client_secret,
                last_error=_last_error(found),
                order=_metadata(found, "order"),
                installation=_metadata(found, "installation"),
            )
        except (AttributeError, KeyError) as error:
            raise StripeUnreachable(f"Not a PaymentIntent: {error}") from None


def create(
    *, total: Money, email: str, reference: str, attempt: int, key: str
) -> Intent:
    """Create the PaymentIntent of one attempt at an order.

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
    if email:
        params["receipt_email"] = email
    return _intent(
        lambda: _client().v1.payment_intents.create(params, {"idempotency_key": key})
    )


def update(stripe_id: str, *, total: Money, email: str, key: str) -> Intent:
    """Tell Stripe another total or e-mail. Safe to repeat with the same ``key``.

    Raises ``IntentMoved`` when it is too late to change anything.
    """
    params: PaymentIntentUpdateParams = {
        "amount": total.amount,
        "currency": total.currency,
        "receipt_email": email,
    }
    return _intent(
        lambda: _client().v1.payment_intents.update(
            stripe_id, params, {"idempotency_key": key}
        )
    )


def retrieve(stripe_id: str) -> Intent:
    """Ask Stripe how an intent stands. Always safe to repeat."""
    return _intent(lambda: _client().v1.payment_intents.retrieve(stripe_id))


def _intent(call: Callable[[], Any]) -> Intent:
    """Make one call outside of any transaction and translate what comes of it."""
    if _in_transaction():
        raise RuntimeError("Stripe was called inside a transaction (invariant I12).")
    try:
        return Intent.from_stripe(call())
    except stripe.StripeError as error:
        raise _translated(error) from None


def _in_transaction() -> bool:
    """True inside a transaction of ours; a test case's own does not count.

    The same question that ``atomic(durable=True)`` asks of itself.
    """
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)


def _translated(error: stripe.StripeError) -> GatewayError:
    """Sort Stripe's error by what a caller can do about it.

    The message is Stripe's for developers; it may quote parameters, never keys.
    """
    request_id, code = error.request_id, getattr(error.error, "code", None)
    said = f"{type(error).__name__} {error.http_status} {code}"
    logger.warning("Stripe: %s, request %s", said, request_id)
    held = getattr(error.error, "payment_intent", None)
    if code == "payment_intent_unexpected_state" and held is not None:
        return IntentMoved(said, Intent.from_stripe(held), request_id=request_id)
    if code == "resource_missing":
        return IntentMissing(said, request_id=request_id)
    if error.http_status in (409, 429):
        return StripeBusy(said, request_id=request_id)
    if error.http_status is None or error.http_status >= 500:
        return StripeUnreachable(said, request_id=request_id)
    return StripeRefused(f"{said}: {error.user_message}", request_id=request_id)


def _last_error(found: Any) -> str:
    error = getattr(found, "last_payment_error", None)
    if error is None:
        return ""
    code = getattr(error, "decline_code", None) or getattr(error, "code", None)
    return str(code or "unknown")


def _metadata(found: Any, name: str) -> str:
    metadata = getattr(found, "metadata", None)
    return str(metadata[name]) if metadata and name in metadata else ""


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
