"""Snapshots of Stripe's objects, with Stripe's statuses translated to ours.

An answer that lacks a field which we need raises ``StripeUnreachable``: its outcome
is as unknown as that of no answer.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ..conf import conf
from ..exceptions import StripeUnreachable
from ..models.statuses import DisputeStatus, PaymentStatus, RefundStatus

# https://docs.stripe.com/payments/paymentintents/lifecycle
INTENT_STATUSES = {
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
    this release does not know is ``PROCESSING``: the shopper is neither thanked
    nor asked for another card.
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
                status=INTENT_STATUSES.get(found.status, PaymentStatus.PROCESSING),
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
    """The fields that may be missing without making the answer a broken one."""
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


# https://docs.stripe.com/api/refunds/object
REFUND_STATUSES = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.ACTION,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.CANCELLED,
}
# https://docs.stripe.com/api/disputes/object
DISPUTE_STATUSES = {
    "warning_needs_response": DisputeStatus.INQUIRY,
    "warning_under_review": DisputeStatus.INQUIRY,
    "warning_closed": DisputeStatus.CLOSED,
    "needs_response": DisputeStatus.OPEN,
    "under_review": DisputeStatus.REVIEW,
    "appeal_needs_response": DisputeStatus.REVIEW,
    "appeal_under_review": DisputeStatus.REVIEW,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
    "prevented": DisputeStatus.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeRefund:
    """A refund as Stripe holds it now; ``amount`` is in minor units of ``currency``.

    ``number`` is the row of ours that it was made for, empty for one from
    elsewhere. A status that this release does not know is ``PENDING``: the money
    is on its way, and somebody will ask again.
    """

    stripe_id: str
    intent_id: str
    status: RefundStatus
    amount: int
    currency: str
    number: str = ""
    installation: str = ""
    reason: str = ""
    failure: str = ""
    request_id: str = ""

    @classmethod
    def from_stripe(cls, found: Any, request_id: str) -> "StripeRefund":
        """Translate; raise ``StripeUnreachable`` if this is no whole refund."""
        try:
            metadata = found.metadata.to_dict() if found.metadata else {}
            snapshot = cls(
                stripe_id=found.id,
                intent_id=found.payment_intent,
                status=REFUND_STATUSES.get(found.status, RefundStatus.PENDING),
                amount=found.amount,
                currency=found.currency,
                number=str(metadata.get("refund", "")),
                installation=str(metadata.get("installation", "")),
                reason=str(getattr(found, "reason", None) or "")[:64],
                failure=str(getattr(found, "failure_reason", None) or "")[:64],
                request_id=request_id,
            )
        except (AttributeError, KeyError) as error:
            raise StripeUnreachable(f"Not a refund: {error}") from None
        _whole("A refund", snapshot.amount, snapshot.stripe_id, snapshot.currency)
        return snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeDispute:
    """A dispute as Stripe holds it now; ``amount`` is in minor units.

    A status that this release does not know is ``OPEN``: somebody has to look.
    """

    stripe_id: str
    intent_id: str
    status: DisputeStatus
    amount: int
    currency: str
    reason: str
    due_by: datetime | None
    asked_at: datetime
    request_id: str = ""

    @classmethod
    def from_stripe(
        cls, found: Any, asked_at: datetime, request_id: str
    ) -> "StripeDispute":
        """Translate; raise ``StripeUnreachable`` if this is no whole dispute."""
        try:
            due_by = getattr(found.evidence_details, "due_by", None)
            snapshot = cls(
                stripe_id=found.id,
                intent_id=found.payment_intent or "",
                status=DISPUTE_STATUSES.get(found.status, DisputeStatus.OPEN),
                amount=found.amount,
                currency=found.currency,
                reason=str(found.reason or "")[:64],
                due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
                asked_at=asked_at,
                request_id=request_id,
            )
        except (AttributeError, KeyError) as error:
            raise StripeUnreachable(f"Not a dispute: {error}") from None
        _whole("A dispute", snapshot.amount, snapshot.stripe_id, snapshot.currency)
        return snapshot


def _whole(name: str, number: Any, *texts: Any) -> None:
    if type(number) is not int or {type(text) for text in texts} != {str}:
        raise StripeUnreachable(f"{name} with holes in it.")
