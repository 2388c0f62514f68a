"""Snapshots of Stripe's objects, with Stripe's statuses translated to ours.

An answer that lacks a field which we need raises ``StripeUnreachable``: the outcome
of the call is then as unknown as without an answer.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Answer:
    """Stripe's answer, when it was asked (by our clock), and Stripe's request id."""

    found: Any
    asked_at: datetime
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A PaymentIntent as Stripe holds it now.

    Amounts are in minor units of ``currency``. A status that this release does not
    know becomes ``PROCESSING``: the shopper is neither thanked nor asked for another
    card.
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
    # What the bank holds for us, and until when.
    amount_capturable: int = 0
    capture_before: datetime | None = None
    # The id of the latest charge: each try at paying makes one.
    charge: str = ""
    # From the metadata that `intents.create` sets.
    order: str = ""
    attempt: int = 0
    # Stripe's id of the request that this answers.
    request_id: str = ""

    @classmethod
    def from_stripe(cls, answer: Answer) -> "Intent":
        """Translate; raises ``StripeUnreachable`` if a needed field is missing."""
        found = answer.found
        with _complete("PaymentIntent"):
            intent = cls(
                stripe_id=found.id,
                status=INTENT_STATUSES.get(found.status, PaymentStatus.PROCESSING),
                amount=found.amount,
                amount_received=found.amount_received,
                currency=found.currency,
                livemode=found.livemode,
                client_secret=found.client_secret,
                asked_at=answer.asked_at,
                email=found.receipt_email or "",
                last_error=_last_error(found),
                request_id=answer.request_id,
                **_optional(found),
            )
            _check_types(
                (intent.amount, intent.amount_received),
                (intent.stripe_id, intent.currency, intent.client_secret),
            )
        return intent


def _optional(found: Any) -> dict[str, Any]:
    """The fields of an intent that may be missing."""
    charge = getattr(found, "latest_charge", None)
    notes = found.metadata.to_dict() if getattr(found, "metadata", None) else {}
    attempt = str(notes.get("attempt", ""))
    return {
        "amount_capturable": int(getattr(found, "amount_capturable", None) or 0),
        "capture_before": _capture_before(charge),
        "charge": str(getattr(charge, "id", charge) or ""),
        "order": str(notes.get("order", "")),
        "attempt": int(attempt) if attempt.isdecimal() and len(attempt) < 9 else 0,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeRefund:
    """A refund as Stripe holds it now; ``amount`` is in minor units of ``currency``.

    ``number`` is the number of our own row, empty if the refund was not made here. A
    status that this release does not know becomes ``PENDING``: it is asked about again.
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
    def from_stripe(cls, answer: Answer) -> "StripeRefund":
        """Translate; raises ``StripeUnreachable`` if a needed field is missing."""
        found = answer.found
        with _complete("refund"):
            metadata = found.metadata.to_dict() if found.metadata else {}
            refund = cls(
                stripe_id=found.id,
                intent_id=found.payment_intent,
                status=REFUND_STATUSES.get(found.status, RefundStatus.PENDING),
                amount=found.amount,
                currency=found.currency,
                number=str(metadata.get("refund", "")),
                installation=str(metadata.get("installation", "")),
                reason=str(getattr(found, "reason", None) or "")[:64],
                failure=str(getattr(found, "failure_reason", None) or "")[:64],
                request_id=answer.request_id,
            )
            _check_types((refund.amount,), (refund.stripe_id, refund.currency))
        return refund


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeDispute:
    """A dispute as Stripe holds it now; ``amount`` is in minor units of ``currency``.

    A status that this release does not know becomes ``OPEN``: a person has to look.
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
    def from_stripe(cls, answer: Answer) -> "StripeDispute":
        """Translate; raises ``StripeUnreachable`` if a needed field is missing."""
        found = answer.found
        with _complete("dispute"):
            due_by = getattr(found.evidence_details, "due_by", None)
            dispute = cls(
                stripe_id=found.id,
                intent_id=found.payment_intent or "",
                status=DISPUTE_STATUSES.get(found.status, DisputeStatus.OPEN),
                amount=found.amount,
                currency=found.currency,
                reason=str(found.reason or "")[:64],
                due_by=datetime.fromtimestamp(due_by, UTC) if due_by else None,
                asked_at=answer.asked_at,
                request_id=answer.request_id,
            )
            _check_types((dispute.amount,), (dispute.stripe_id, dispute.currency))
        return dispute


@contextmanager
def _complete(kind: str) -> Iterator[None]:
    """Turn a missing field into ``StripeUnreachable``."""
    try:
        yield
    except (AttributeError, KeyError) as error:
        raise StripeUnreachable(f"Not a complete {kind}: {error}") from None


def _check_types(numbers: tuple[Any, ...], texts: tuple[Any, ...]) -> None:
    if {type(n) for n in numbers} != {int} or {type(t) for t in texts} != {str}:
        raise StripeUnreachable("A field that has another type.")
