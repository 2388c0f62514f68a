"""Money goes back: planned, asked, kept, as a payment is (see ``payments``).

The plan counts what is left under the order's lock, so that two people cannot
pay back more than came. What was refunded in Stripe's dashboard is imported:
Stripe's list is the truth, and all of it is taken at one moment.
"""

import logging
from functools import partial
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import audit, gateway, incidents, outbox
from ..conf import conf
from ..core import transactions
from ..core.failpoints import Failpoint, reach
from ..exceptions import (
    CheckoutError,
    DraftRefused,
    RefundRefused,
    StripeRefused,
    StripeStuck,
)
from ..gateway.objects import StripeRefund
from ..models import Incident, Order, Payment, Refund, new_reference
from ..models.statuses import (
    AWAY,
    DisputeStatus,
    OrderStatus,
    PaymentStatus,
    RefundStatus,
)
from ..money import Money
from ..outbox import queue

logger = logging.getLogger(__name__)

# In these states the bank holds the money that a refund would pay back again
# (https://docs.stripe.com/disputes/how-disputes-work).
TAKEN = (DisputeStatus.OPEN, DisputeStatus.REVIEW, DisputeStatus.LOST)


def refund(
    payment: Payment,
    amount: int | None = None,
    *,
    reason: str = "",
    wanted_by: str = "code",
    number: str = "",
) -> Refund:
    """Pay ``amount`` minor units of ``payment`` back; all that is left if None.

    ``reason`` is one of Stripe's: duplicate, fraudulent, requested_by_customer.
    Each call is a refund of its own, unless ``number`` names it: the same number
    is the same refund, so that a form that is sent twice pays back once. To
    repeat one that got no answer, use ``carry_out``, or wait for the reconciler.
    Raises ``RefundRefused`` when there is not that much left, and
    ``GatewayError`` with the refund planned.
    """
    # Drawn here: where the answer to its COMMIT is lost the plan is made again, and
    # must find itself instead of paying back twice.
    number = number or new_reference()
    facts = {"reason": reason, "wanted_by": wanted_by, "number": number}
    work = partial(_plan, payment.pk, payment.order_id, amount, facts)
    planned = transactions.run(work)
    reach(Failpoint.REFUND_PLANNED)
    return send(planned.pk)


def _plan(
    payment_pk: int, order_pk: int, amount: int | None, facts: dict[str, Any]
) -> Refund:
    order = Order.lock(order_pk)
    payment = order.payments.get(pk=payment_pk)
    known = _known(payment, amount, facts["number"])
    return known or plan(order, payment, amount, **facts)


def _known(payment: Payment, amount: int | None, number: str) -> Refund | None:
    """The refund that has this number already; raises if it is another one."""
    known = Refund.objects.filter(number=number).first()
    if known is None:
        return None
    is_same = amount is None or known.amount == amount
    if known.payment_id != payment.pk or not is_same:
        raise RefundRefused(
            _("A refund of %(amount)s has this number.") % {"amount": known.total}
        )
    return known


def plan(
    order: Order,
    payment: Payment,
    amount: int | None = None,
    *,
    reason: str = "",
    wanted_by: str,
    number: str = "",
) -> Refund:
    """Write down a refund; the caller holds the order's lock.

    ``carry_out`` makes it so. ``number`` is its name, drawn if empty. Raises
    ``RefundRefused``.
    """
    left = payable(payment)
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        left_ = {"left": Money(left, payment.currency)}
        raise RefundRefused(_("%(left)s is left to pay back.") % left_)
    if payment.disputes.filter(status__in=TAKEN).exists():
        raise RefundRefused(_("The bank has taken this money back by a dispute."))
    planned = Refund(
        payment=payment,
        number=number or new_reference(),
        amount=amount,
        currency=payment.currency,
        reason=reason,
        wanted_by=wanted_by,
    )
    planned.idempotency_key = _key(planned, order)
    planned.save()
    _note(order, planned, "")
    return planned


def plan_and_queue(order: Order, payment: Payment, wanted_by: str) -> None:
    """Have all that is left of ``payment`` paid back by a worker, once.

    Nothing, where a refund is on its way already or none is possible: then a
    person finds the exception open.
    """
    try:
        planned = plan(order, payment, wanted_by=wanted_by)
    except RefundRefused as error:
        logger.warning("%s is not paid back: %s", payment, error)
        return
    queue.enqueue(queue.SEND_REFUND, planned.pk)


def payable(payment: Payment) -> int:
    """What can still be promised of ``payment``, in minor units.

    Less than ``payment.left`` by what is planned, and not at Stripe yet.
    """
    planned = payment.refunds.filter(status=RefundStatus.CREATING)
    promised = planned.aggregate(sum=Sum("amount"))["sum"] or 0
    return payment.left - int(promised)


def send(pk: int) -> Refund:
    """Ask Stripe for a refund that is planned. Safe to repeat at any time.

    Raises ``RefundRefused`` for Stripe's no, which is kept, and ``GatewayError``
    where the outcome is unknown, which leaves the refund planned.
    """
    planned = Refund.objects.select_related("payment__order").get(pk=pk)
    if planned.status != RefundStatus.CREATING:
        return planned
    if not planned.key_is_fresh:
        # Repeating a key that Stripe may have forgotten could pay back twice.
        sync(planned.payment)
        planned = transactions.run(partial(_renew, pk))
        if planned.status != RefundStatus.CREATING:
            return planned
    try:
        facts = _ask(planned)
    except StripeStuck:
        Refund.objects.filter(pk=pk).update(key_spent=True)
        raise
    except (StripeRefused, DraftRefused) as error:
        return _refused(planned, error)
    reach(Failpoint.REFUND_ASKED)
    work = partial(_record, planned.payment_id, planned.payment.order_id, [facts])
    transactions.run(work)
    reach(Failpoint.REFUND_KEPT)
    planned.refresh_from_db()
    return planned


def _refused(planned: Refund, error: CheckoutError) -> Refund:
    """Keep Stripe's no, unless it has the refund by an earlier call all the same.

    Its list is asked first: the answer of that call may have been lost, and this
    no be about another thing, a key that was rotated for one. Where the list is
    not to be had, nothing is known and the refund stays planned.
    """
    sync(planned.payment)
    # An amount that Stripe takes for none has a class of its own.
    code = getattr(error, "stripe_code", error.code)
    transactions.run(partial(_refuse, planned.pk, code))
    planned.refresh_from_db()
    if planned.status == RefundStatus.FAILED:
        raise RefundRefused(_("Stripe refuses: %(why)s") % {"why": error}) from None
    return planned


def _ask(planned: Refund) -> StripeRefund:
    return gateway.refund(
        planned.payment.stripe_id or "",
        amount=planned.amount,
        reason=planned.reason,
        number=planned.number,
        key=planned.idempotency_key or "",
    )


def sync(payment: Payment) -> None:
    """Bring the refunds of ``payment`` up to Stripe's list. Safe to repeat.

    One call. Raises ``GatewayError``, with nothing changed.
    """
    found = gateway.refunds(payment.stripe_id or "")
    transactions.run(partial(_record, payment.pk, payment.order_id, found))


def _record(payment_pk: int, order_pk: int, found: list[StripeRefund]) -> None:
    order = Order.lock(order_pk)
    apply(order, order.payments.get(pk=payment_pk), found)


def apply(order: Order, payment: Payment, found: list[StripeRefund]) -> None:
    """Take what Stripe says of a payment's refunds; the caller holds the lock.

    Forward only; rows of ours that Stripe does not name are left as they are.
    """
    known = list(payment.refunds.all())
    for facts in found:
        _bring(order, _row(payment, known, facts), facts)
    away = payment.refunds.filter(status__in=AWAY).aggregate(sum=Sum("amount"))["sum"]
    if payment.amount_refunded != (away or 0):
        payment.amount_refunded = away or 0
        payment.save(update_fields=["amount_refunded"])
    _close_what_went_back(order, payment)


def _row(payment: Payment, known: list[Refund], facts: StripeRefund) -> Refund:
    """The row that ``facts`` are about; a new one for a refund from elsewhere."""
    for row in known:
        if row.stripe_id == facts.stripe_id:
            return row
    for row in known:
        is_ours = facts.installation == conf().installation
        if row.stripe_id is None and is_ours and row.number == facts.number:
            return row
    return Refund(payment=payment, wanted_by="stripe", currency=facts.currency)


def _bring(order: Order, row: Refund, facts: StripeRefund) -> None:
    before = row.status if row.pk else ""
    if row.stripe_id is not None and row.status == facts.status:
        return
    row.stripe_id, row.amount = facts.stripe_id, facts.amount
    if not row.move(facts.status):
        return
    row.reason, row.failure = facts.reason, facts.failure
    row.save()
    _note(order, row, before, facts.request_id)
    if row.status == RefundStatus.SUCCEEDED:
        outbox.add(outbox.ORDER_REFUNDED, facts.stripe_id, row.pk, order)
    elif row.status == RefundStatus.FAILED:
        detail = f"{row.total.display('en')} came back: {row.failure}"
        kind, about = incidents.Kind.REFUND_FAILED, facts.stripe_id
        incidents.report(
            kind, about, detail, row.total, order=order, payment=row.payment
        )


def _close_what_went_back(order: Order, payment: Payment) -> None:
    """Money that fitted no order is no open question once it is all paid back.

    Its order, if it still waits, can never be paid by an intent that has
    succeeded: it is cancelled, and the shopper's next try makes a new one.
    """
    on_its_way = payment.refunds.filter(status__in=AWAY)
    if not payment.amount_received or payment.left:
        return
    if on_its_way.exclude(status=RefundStatus.SUCCEEDED).exists():
        return
    incidents.close_all(Incident.holding(payment=payment), "paid back")
    before, is_spent = order.status, payment.status == PaymentStatus.SUCCEEDED
    if is_spent and not order.is_paid and order.move(OrderStatus.CANCELLED):
        order.save(update_fields=["status"])
        audit.write([audit.order_moved(order, before)])


def _renew(pk: int) -> Refund:
    """Another key, once it is certain that Stripe has nothing under the old one."""
    planned = _locked(pk)
    if planned.status == RefundStatus.CREATING and not planned.key_is_fresh:
        planned.revision += 1
        planned.key_spent, planned.key_stored_at = False, timezone.now()
        planned.idempotency_key = _key(planned, planned.payment.order)
        planned.save()
    return planned


def _locked(pk: int) -> Refund:
    """A refund that nobody else changes: its order is locked, as everywhere."""
    Order.lock(Refund.objects.values_list("payment__order_id", flat=True).get(pk=pk))
    return Refund.objects.select_related("payment__order").get(pk=pk)


def _refuse(pk: int, code: str) -> None:
    planned = _locked(pk)
    is_planned = planned.status == RefundStatus.CREATING
    if is_planned and planned.move(RefundStatus.FAILED):
        planned.failure = code[:64] or "refused"
        planned.save(update_fields=["status", "failure"])
        _note(planned.payment.order, planned, RefundStatus.CREATING)


def _key(planned: Refund, order: Order) -> str:
    return (
        f"{conf().installation}-{order.reference}-refund-{planned.number}"
        f"-{planned.revision}"
    )


def _note(order: Order, row: Refund, before: str, request_id: str = "") -> None:
    audit.note(
        "refund",
        before,
        row.status,
        order=order,
        payment=row.payment,
        subject=row.stripe_id or row.number,
        amount=row.amount,
        currency=row.currency,
        request_id=request_id,
        note=f"{row.wanted_by} {row.failure}".strip()[:255],
    )
