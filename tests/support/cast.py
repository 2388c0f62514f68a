"""The cast, and the little that every test needs to set a scene.

Ada pays. Grace's card is declined. Mallory has no right to be here.
"""

import hashlib
import hmac
import json
import time
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from htmx_checkout import Draft, Line
from htmx_checkout.models import Order, Payment

ADA = "ada@example.com"
GRACE = "grace@example.com"

NOTEBOOK = Line(name="Linen notebook", amount=1400, quantity=2, note="Moss, A5")
INK = Line(name="Iron-gall ink", amount=1400)

PAYS = "pm_card_visa"
DECLINES = "pm_card_visa_chargeDeclinedInsufficientFunds"
ASKS_THE_BANK = "pm_card_authenticationRequired"
TAKES_DAYS = "AT611904300234573201"


def draft(*lines: Line, currency: str = "gbp", email: str = "") -> Draft:
    """Two notebooks and some ink, £42.00, unless told otherwise."""
    return Draft(currency=currency, lines=lines or (NOTEBOOK, INK), email=email)


def shopper(amount: int | None = 4200) -> Client:
    """A browser whose session holds a total in pence, for the built-in order source."""
    client = Client()
    if amount is not None:
        fill(client, amount)
    return client


def fill(client: Client, amount: int) -> None:
    session = client.session
    session["order_total"] = amount
    session.save()


def open_payment(client: Client, email: str = ADA, **headers: str) -> Any:
    """Press "Continue to payment", as htmx does."""
    headers = {"HX-Request": "true"} | headers
    return client.post(
        reverse("htmx_checkout:payment"), {"email": email}, headers=headers
    )


def ask_json(client: Client, body: Any = None, **headers: str) -> Any:
    """Ask for the payment as a classic quickstart does."""
    return client.post(
        reverse("htmx_checkout:payment"),
        body if isinstance(body, str) else json.dumps(body or {}),
        content_type="application/json",
        headers={"Accept": "application/json"} | headers,
    )


def status_url(order: Order) -> str:
    return reverse("htmx_checkout:status", args=[order.token])


def return_url(order: Order, payment: Payment, secret: str) -> str:
    query = f"payment_intent={payment.stripe_id}&payment_intent_client_secret={secret}"
    return reverse("htmx_checkout:return", args=[order.token]) + f"?{query}"


def event(kind: str, held: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """An event as Stripe posts it (https://docs.stripe.com/api/events/object)."""
    return {
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1790000000,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
        "data": {"object": held},
    } | facts


def signed(body: bytes, secret: str = "", at: int | None = None) -> str:
    """Stripe's signature over ``body``, at unix seconds ``at`` (now).

    Made by hand from https://docs.stripe.com/webhooks/signature, so that the
    package which checks it is not also the one that makes it.
    """
    secret, at = (
        secret or settings.CHECKOUT["WEBHOOK_SECRETS"][0],
        at or int(time.time()),
    )
    mac = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def post_event(body: dict[str, Any] | bytes, *, signature: str | None = None) -> Any:
    """Post one delivery to the webhook endpoint; signed unless told otherwise."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Stripe-Signature": signed(raw) if signature is None else signature}
    return Client().generic(
        "POST",
        reverse("htmx_checkout:webhook"),
        raw,
        content_type="application/json",
        headers=headers,
        CONTENT_TYPE="application/json",
    )
