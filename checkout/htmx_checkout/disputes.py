"""A shopper's bank wants the money back."""

from . import audit, incidents, outbox
from .gateway.objects import StripeDispute
from .models import Dispute, Order, Payment
from .models.constraints import is_newer
from .models.statuses import DisputeStatus
from .money import Money

# The money is with the bank, or stays there.
OUT = (DisputeStatus.OPEN, DisputeStatus.REVIEW, DisputeStatus.LOST)


def apply(order: Order, payment: Payment, facts: StripeDispute) -> None:
    """Take what Stripe says of a dispute; the caller holds the order's lock.

    The host hears once that it was opened. What has been paid back already and
    is taken by the bank as well is an exception: somebody has to tell the bank.
    """
    row = Dispute.objects.filter(stripe_id=facts.stripe_id).first()
    is_new = row is None
    row = row or Dispute(
        payment=payment, stripe_id=facts.stripe_id, status=DisputeStatus.INQUIRY
    )
    if is_newer(row.asked_at, facts.asked_at):
        return
    before = "" if is_new else row.status
    moved = row.move(facts.status) or is_new
    row.amount, row.currency = facts.amount, facts.currency
    row.reason, row.due_by, row.asked_at = facts.reason, facts.due_by, facts.asked_at
    row.save()
    if moved:
        _note(order, row, before, facts.request_id)
    if is_new:
        outbox.add(outbox.DISPUTE_OPENED, facts.stripe_id, row.pk, order)
    _watch_outflow(order, payment, row)


def _watch_outflow(order: Order, payment: Payment, row: Dispute) -> None:
    out = payment.amount_refunded + row.amount
    if row.status not in OUT or out <= payment.amount_received:
        return
    back = Money(payment.amount_refunded, payment.currency).display("en")
    detail = f"{back} paid back and {row.total.display('en')} disputed"
    kind, lost = incidents.Kind.OUTFLOW, row.total
    incidents.report(kind, row.stripe_id, detail, lost, order=order, payment=payment)


def _note(order: Order, row: Dispute, before: str, request_id: str) -> None:
    audit.note(
        "dispute",
        before,
        row.status,
        order=order,
        payment=row.payment,
        subject=row.stripe_id,
        amount=row.amount,
        currency=row.currency,
        request_id=request_id,
        note=row.reason,
    )
