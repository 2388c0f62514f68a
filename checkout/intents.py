"""A PaymentIntent in our own words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .conf import conf
from .exceptions import StripeUnreachable
from .statuses import PaymentStatus

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
    # When Stripe was asked, by our clock: an older answer never undoes a newer one.
    asked_at: datetime
    email: str = ""
    last_error: str = ""
    # What the bank holds, and until when.
    amount_capturable: int = 0
    capture_before: datetime | None = None
    # Names the try at paying that was made last.
    charge: str = ""
    # What we wrote on it: which order, which attempt, which installation.
    order: str = ""
    attempt: int = 0
    installation: str = ""
    # Stripe's name for the answer that this is from.
    request_id: str = ""

    @property
    def is_ours(self) -> bool:
        """True if this installation made it; others may share the account."""
        return self.installation == conf().installation

    @classmethod
    def from_stripe(
        cls, found: Any, asked_at: datetime, request_id: str = ""
    ) -> "Intent":
        """Translate; raise ``StripeUnreachable`` if this is no whole intent."""
        try:
            intent = cls(
                stripe_id=found.id,
                status=STATUSES.get(found.status, PaymentStatus.PROCESSING),
                amount=found.amount,
                amount_received=found.amount_received,
                currency=found.currency,
                livemode=found.livemode,
                client_secret=found.client_secret,
                asked_at=asked_at,
                email=found.receipt_email or "",
                last_error=_last_error(found),
                request_id=request_id,
                **_more(found),
            )
        except (AttributeError, KeyError) as error:
            raise StripeUnreachable(f"Not a PaymentIntent: {error}") from None
        numbers = (intent.amount, intent.amount_received)
        texts = (intent.stripe_id, intent.currency, intent.client_secret)
        if {type(n) for n in numbers} != {int} or {type(t) for t in texts} != {str}:
            raise StripeUnreachable("A PaymentIntent with holes in it.")
        return intent


def _more(found: Any) -> dict[str, Any]:
    """What an intent can do without: a hole here is no broken answer."""
    charge = getattr(found, "latest_charge", None)
    notes = found.metadata.to_dict() if getattr(found, "metadata", None) else {}
    attempt = str(notes.get("attempt", ""))
    return {
        "amount_capturable": int(getattr(found, "amount_capturable", None) or 0),
        "capture_before": _capture_before(charge),
        "charge": str(getattr(charge, "id", charge) or ""),
        "order": str(notes.get("order", "")),
        "attempt": int(attempt) if attempt.isdecimal() and len(attempt) < 9 else 0,
        "installation": str(notes.get("installation", "")),
    }


def _capture_before(charge: Any) -> datetime | None:
    card = getattr(getattr(charge, "payment_method_details", None), "card", None)
    seconds = getattr(card, "capture_before", None)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _last_error(found: Any) -> str:
    error = getattr(found, "last_payment_error", None)
    if error is None:
        return ""
    code = getattr(error, "decline_code", None) or getattr(error, "code", None)
    return str(code or "unknown")
