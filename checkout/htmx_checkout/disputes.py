"""Keeps what Stripe says of disputes: a shopper's bank wants the money back."""

from . import audit, incidents, outbox
from .gateway.objects import StripeDispute
from .models import Dispute, Order, Payment
from .models.constraints import is_newer
from .models.statuses import TAKEN, DisputeStatus
from .money import Money


def apply(order: Order, payment: Payment, answer: StripeDispute) -> None:
    """Bring a dispute up to what Stripe says; the caller holds the order's lock.

    One ``dispute_opened`` is sent for each. If money was paid back already and the
    bank takes it as well, an incident is opened: a person has to tell the bank. Moves
    forward only; safe to repeat.
    """
    row = Dispute.objects.filter(stripe_id=answer.stripe_id).first()
    is_new = row is None
    row = row or Dispute(
        payment=payment, stripe_id=answer.stripe_id, status=DisputeStatus.INQUIRY
    )
    if is_newer(row.asked_at, answer.asked_at):
        return
    before = "" if is_new else row.status
    moved = row.move(answer.status) or is_new
    row.amount, row.currency = answer.amount, answer.currency
    row.reason, row.due_by, row.asked_at = answer.reason, answer.due_by, answer.asked_at
    row.save()
    if moved:
        _note(order, row, before, answer.request_id)
    if is_new:
        outbox.add(outbox.Name.DISPUTE_OPENED, answer.stripe_id, row.pk, order)
    _report_outflow(order, payment, row)


def _report_outflow(order: Order, payment: Payment, row: Dispute) -> None:
    out = payment.amount_refunded + row.amount
    if row.status not in TAKEN or out <= payment.amount_received:
        return
    back = Money(payment.amount_refunded, payment.currency).display("en")
    detail = f"{back} paid back and {row.total.display('en')} disputed"
    kind, lost = incidents.Kind.OUTFLOW, row.total
    incidents.report(kind, row.stripe_id, detail, lost, order=order, payment=payment)


def _note(order: Order, row: Dispute, before: str, request_id: str) -> None:
    fields = {"order": order, "payment": row.payment, "request_id": request_id}
    fields |= {"subject": row.stripe_id, "note": row.reason}
    audit.note("dispute", before, row.status, money=row.total, **fields)
