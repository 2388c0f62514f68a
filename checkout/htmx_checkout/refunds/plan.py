"""Plans refunds: what is left to pay back, and the row with its idempotency key.

What is left is counted under the order's lock, so that two people cannot pay back
more than came.
"""

import logging

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import audit
from ..conf import conf
from ..core import task_queue, transactions
from ..exceptions import RefundRefused
from ..models import Order, Payment, Refund
from ..models.statuses import TAKEN, RefundStatus
from ..money import Money

logger = logging.getLogger(__name__)


@transactions.retried
def plan(
    payment: Payment, amount: int | None, *, reason: str, wanted_by: str, number: str
) -> Refund:
    """Plan a refund of ``amount`` minor units; of all that is left if None.

    Safe to repeat: the same ``number`` is the same refund. Raises ``RefundRefused``.
    """
    order = Order.lock(payment.order_id)
    payment = order.payments.get(pk=payment.pk)
    return _same_refund(payment, amount, number) or _write(
        order, payment, amount, reason=reason, wanted_by=wanted_by, number=number
    )


def _same_refund(payment: Payment, amount: int | None, number: str) -> Refund | None:
    """The refund that has this number already; raises if it is another one."""
    found = Refund.objects.filter(number=number).first()
    if found is None:
        return None
    is_same = amount is None or found.amount == amount
    if found.payment_id != payment.pk or not is_same:
        raise RefundRefused(
            _("A refund of %(amount)s has this number.") % {"amount": found.total}
        )
    return found


def plan_to_send_back(order: Order, payment: Payment, wanted_by: str) -> None:
    """Have a worker pay back all that is left of ``payment``, once.

    The caller holds the order's lock. Plans nothing where a refund is on its way
    already or none is possible: then a person finds the incident open.
    """
    try:
        planned = _write(order, payment, wanted_by=wanted_by)
    except RefundRefused as error:
        logger.warning("%s is not paid back: %s", payment, error)
        return
    task_queue.enqueue(task_queue.SEND_REFUND, planned.pk)


def _write(
    order: Order, payment: Payment, amount: int | None = None, **fields: str
) -> Refund:
    planned = Refund(payment=payment, currency=payment.currency, **fields)
    planned.amount = _checked(payment, amount)
    planned.idempotency_key = _key(planned, order)
    planned.save()
    note_move(order, planned, "")
    return planned


def _checked(payment: Payment, amount: int | None) -> int:
    """The amount to pay back; raises ``RefundRefused`` if that is not possible."""
    left = refundable(payment)
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        left_ = {"left": Money(left, payment.currency)}
        raise RefundRefused(_("%(left)s is left to pay back.") % left_)
    if payment.disputes.filter(status__in=TAKEN).exists():
        raise RefundRefused(_("The bank has taken this money back by a dispute."))
    return amount


def refundable(payment: Payment) -> int:
    """What can still be paid back of ``payment``, in minor units.

    Less than ``payment.left`` by what is planned and not at Stripe yet.
    """
    planned = payment.refunds.filter(status=RefundStatus.CREATING)
    promised = planned.aggregate(sum=Sum("amount"))["sum"] or 0
    return payment.left - int(promised)


@transactions.retried
def renew_key(pk: int) -> Refund:
    """Give a planned refund another key, if its own is not fresh any more.

    Only after Stripe's list has shown that there is no refund under the old one.
    Returns the refund as it is now. Safe to repeat.
    """
    planned = _locked(pk)
    if planned.status == RefundStatus.CREATING and not planned.key_is_fresh:
        planned.revision += 1
        planned.key_spent, planned.key_stored_at = False, timezone.now()
        planned.idempotency_key = _key(planned, planned.payment.order)
        planned.save()
    return planned


@transactions.retried
def fail(pk: int, code: str) -> None:
    """Store that Stripe refuses a planned refund, with its ``code``. Safe to repeat."""
    planned = _locked(pk)
    is_planned = planned.status == RefundStatus.CREATING
    if is_planned and planned.move(RefundStatus.FAILED):
        planned.failure = code[:64] or "refused"
        planned.save(update_fields=["status", "failure"])
        note_move(planned.payment.order, planned, RefundStatus.CREATING)


def _locked(pk: int) -> Refund:
    """A refund, read anew with its order locked. Call inside a transaction."""
    Order.lock(Refund.objects.values_list("payment__order_id", flat=True).get(pk=pk))
    return Refund.objects.select_related("payment__order").get(pk=pk)


def _key(planned: Refund, order: Order) -> str:
    return (
        f"{conf().installation}-{order.reference}-refund-{planned.number}"
        f"-{planned.revision}"
    )


def note_move(order: Order, row: Refund, before: str, request_id: str = "") -> None:
    """Write the audit entry of a refund that has left ``before``."""
    note = f"{row.wanted_by} {row.failure}".strip()[:255]
    fields = {"order": order, "payment": row.payment, "request_id": request_id}
    fields |= {"subject": row.stripe_id or row.number, "note": note}
    audit.note("refund", before, row.status, money=row.total, **fields)
