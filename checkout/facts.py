"""Refunds and disputes in our own words."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .exceptions import StripeUnreachable
from .statuses import DisputeStatus, RefundStatus

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
class RefundFacts:
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
    def from_stripe(cls, found: Any, request_id: str) -> "RefundFacts":
        """Translate; raise ``StripeUnreachable`` if this is no whole refund."""
        try:
            metadata = found.metadata.to_dict() if found.metadata else {}
            facts = cls(
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
        _whole("A refund", facts.amount, facts.stripe_id, facts.currency)
        return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFacts:
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
    ) -> "DisputeFacts":
        """Translate; raise ``StripeUnreachable`` if this is no whole dispute."""
        try:
            due_by = getattr(found.evidence_details, "due_by", None)
            facts = cls(
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
        _whole("A dispute", facts.amount, facts.stripe_id, facts.currency)
        return facts


def _whole(name: str, number: Any, *texts: Any) -> None:
    if type(number) is not int or {type(text) for text in texts} != {str}:
        raise StripeUnreachable(f"{name} with holes in it.")
