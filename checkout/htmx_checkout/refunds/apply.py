"""Keeps what Stripe says of a payment's refunds, and does what follows from it.

Called by ``payments.settle`` under the order's lock. It moves refunds and no order.
A refund that was made in Stripe's dashboard is imported: Stripe's list is the
truth, and all of it is of one moment.
"""

from django.db.models import Sum

from .. import incidents, outbox
from ..conf import conf
from ..gateway.objects import StripeRefund
from ..models import Incident, Order, Payment, Refund
from ..models.statuses import AWAY, RefundStatus
from .plan import note_move


def refunds(order: Order, payment: Payment, found: list[StripeRefund]) -> bool:
    """Bring the refunds of ``payment`` up to ``found``; True if all money is back.

    Forward only. Rows of ours that ``found`` does not name stay as they are. Closes
    the incidents about money that has gone back in full. Safe to repeat.
    """
    rows = list(payment.refunds.all())
    for answer in found:
        _bring(order, _row(payment, rows, answer), answer)
    away = payment.refunds.filter(status__in=AWAY).aggregate(sum=Sum("amount"))["sum"]
    if payment.amount_refunded != (away or 0):
        payment.amount_refunded = away or 0
        payment.save(update_fields=["amount_refunded"])
    if not _is_all_back(payment):
        return False
    incidents.close_all(Incident.holding(payment=payment), "paid back")
    return True


def _row(payment: Payment, rows: list[Refund], answer: StripeRefund) -> Refund:
    """The row that ``answer`` is about; a new one for a refund from elsewhere."""
    for row in rows:
        if row.stripe_id == answer.stripe_id:
            return row
    for row in rows:
        is_ours = answer.installation == conf().installation
        if row.stripe_id is None and is_ours and row.number == answer.number:
            return row
    return Refund(payment=payment, wanted_by="stripe", currency=answer.currency)


def _bring(order: Order, row: Refund, answer: StripeRefund) -> None:
    before = row.status if row.pk else ""
    if row.stripe_id is not None and row.status == answer.status:
        return
    row.stripe_id, row.amount = answer.stripe_id, answer.amount
    if not row.move(answer.status):
        return
    row.reason, row.failure = answer.reason, answer.failure
    row.save()
    note_move(order, row, before, answer.request_id)
    if row.status == RefundStatus.SUCCEEDED:
        outbox.add(outbox.Name.ORDER_REFUNDED, answer.stripe_id, row.pk, order)
    elif row.status == RefundStatus.FAILED:
        _report(order, row)


def _report(order: Order, row: Refund) -> None:
    """A refund has come back: a person has to find another way."""
    detail = f"{row.total.display('en')} came back: {row.failure}"
    kind, about = incidents.Kind.REFUND_FAILED, row.stripe_id or ""
    incidents.report(kind, about, detail, row.total, order=order, payment=row.payment)


def _is_all_back(payment: Payment) -> bool:
    """True if money has come, and every unit of it has arrived where it came from."""
    on_its_way = payment.refunds.filter(status__in=AWAY)
    if not payment.amount_received or payment.left:
        return False
    return not on_its_way.exclude(status=RefundStatus.SUCCEEDED).exists()
