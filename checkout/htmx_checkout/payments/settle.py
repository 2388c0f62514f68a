"""What Stripe says becomes what we hold.

Return page, polling, webhook, reconciler, admin and the till itself all end
here. The truth is fetched first, with no lock held; then one transaction locks
the order, compares and moves forward only. An answer that was fetched early and
arrives late finds the order further on, and changes nothing.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.utils import timezone

from .. import audit, disputes, gateway, outbox
from ..core import transactions
from ..core.failpoints import Failpoint, reach
from ..exceptions import GatewayError, StripeUnreachable
from ..gateway.objects import Intent, StripeDispute, StripeRefund
from ..models import AuditEntry, Order, Payment, live_payment
from ..models.statuses import FINAL, OrderStatus, PaymentStatus
from ..refunds import plan
from . import allocate

logger = logging.getLogger(__name__)

# However many tabs look, Stripe is asked about one order once in this time.
LOOK_AGAIN = timedelta(seconds=1)

# What a payment's state means for its order, success aside.
CONSEQUENCES = {
    PaymentStatus.OPEN: OrderStatus.OPEN,
    PaymentStatus.ACTION: OrderStatus.OPEN,
    PaymentStatus.CANCELLED: OrderStatus.CANCELLED,
    PaymentStatus.PROCESSING: OrderStatus.PROCESSING,
    PaymentStatus.AUTHORISED: OrderStatus.PROCESSING,
}


# What an intent says of its payment.
TOLD = (
    "stripe_id",
    "status",
    "amount",
    "currency",
    "email",
    "amount_received",
    "amount_capturable",
    "capture_before",
    "last_error",
    "charge",
    "asked_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What Stripe was asked about one payment; None for what it was not asked."""

    intent: Intent | None = None
    refunds: list[StripeRefund] | None = None
    dispute: StripeDispute | None = None


def settle(order: Order) -> Order:
    """Ask Stripe about the order's live payment, and act on the answer.

    Returns the order as it is afterwards. Safe to repeat, and to run many times
    at once. One call to Stripe; none if there is no intent yet or the order is
    paid. Raises ``GatewayError`` when Stripe gives no answer; nothing has
    changed then.
    """
    payment = live_payment(order)
    if order.is_paid or payment is None or payment.stripe_id is None:
        return order
    return record(payment, gateway.retrieve(payment.stripe_id))


def look(order: Order) -> tuple[Order, bool]:
    """Settle for a page that is only looked at: returns the order, and if it is known.

    However many tabs look, Stripe is asked about once in ``LOOK_AGAIN``. Who
    comes while another asks, or gets no answer, does not know.
    """
    payment = live_payment(order)
    now = timezone.now()
    recently = now - LOOK_AGAIN
    if order.is_paid or payment is None or payment.stripe_id is None:
        return order, True
    if payment.asked_at is not None and recently < payment.asked_at <= now:
        return order, True
    if not payment.claim_look(recently):
        return order, not order.is_open
    try:
        return record(payment, gateway.retrieve(payment.stripe_id)), True
    except GatewayError:
        return order, False


def record(payment: Payment, intent: Intent) -> Order:
    """Bring one payment and its order up to ``intent``, in one transaction."""
    return keep(payment, Truth(intent=intent))


def keep(
    payment: Payment, truth: Truth, also: Callable[[], object] | None = None
) -> Order:
    """Bring one payment and its order up to ``truth``, in one transaction.

    ``also`` is done in the same transaction: an event is marked as processed
    there, so that if anything here fails it stays unprocessed and comes again.
    """
    reach(Failpoint.FETCHED)
    order = transactions.run(partial(_keep, payment.pk, payment.order_id, truth, also))
    reach(Failpoint.SETTLED)
    return order


def _keep(
    payment_pk: int, order_pk: int, truth: Truth, also: Callable[[], object] | None
) -> Order:
    order = Order.lock(order_pk)
    payment = order.payments.get(pk=payment_pk)
    payment.order = order
    if truth.intent is not None:
        apply(order, payment, truth.intent)
    if truth.refunds is not None:
        plan.apply(order, payment, truth.refunds)
    if truth.dispute is not None:
        disputes.apply(order, payment, truth.dispute)
    if also is not None:
        also()
    reach(Failpoint.SETTLING)
    return order


def apply(order: Order, payment: Payment, intent: Intent) -> None:
    """Move ``payment`` and ``order`` to where ``intent`` is, and save them.

    The caller is in a transaction and holds the order's lock.
    """
    if payment.stripe_id not in (None, intent.stripe_id):
        raise StripeUnreachable("Stripe answered with another intent.")
    payment.stripe_id = intent.stripe_id
    before, moves = payment.status, []
    if payment.is_newer_than(intent.asked_at) and intent.status not in FINAL:
        logger.debug("%s stays %s: %s is old", payment, payment.status, intent.status)
    elif payment.status == intent.status or payment.move(intent.status):
        _tell_failure(order, payment, intent)
        _copy(payment, intent)
    has_moved = payment.status != before
    if not payment.is_live and intent.status == PaymentStatus.SUCCEEDED:
        # Given up here, and paid there all the same.
        has_news = payment.amount_received != intent.amount_received
        payment.amount_received = intent.amount_received
        payment.currency = intent.currency
        payment.save()
        if has_news:
            allocate.take(order, payment, intent)
        return
    payment.save(update_fields=TOLD)
    if has_moved:
        moves.append(audit.payment_moved(payment, before, intent.request_id))
        moves += _follow(order, payment, intent)
    audit.write(moves)


def _copy(payment: Payment, intent: Intent) -> None:
    payment.asked_at = intent.asked_at
    payment.last_error, payment.charge = intent.last_error, intent.charge
    payment.amount_received = intent.amount_received
    payment.amount_capturable = intent.amount_capturable
    payment.capture_before = intent.capture_before or payment.capture_before
    if intent.status == PaymentStatus.SUCCEEDED:
        # A currency that was changed at Stripe: what came is counted in it.
        payment.currency = intent.currency


def _tell_failure(order: Order, payment: Payment, intent: Intent) -> None:
    """Have the host hear of a refused charge that was not known yet."""
    known = (payment.last_error, payment.charge)
    if intent.last_error and (intent.last_error, intent.charge) != known:
        subject = f"{intent.stripe_id}:{intent.charge or intent.last_error}"
        outbox.add(outbox.PAYMENT_FAILED, subject, payment.pk, order)


def _follow(order: Order, payment: Payment, intent: Intent) -> list[AuditEntry]:
    """Let the order go where its payment has gone, if that is a legal move."""
    before = order.status
    if intent.status == PaymentStatus.SUCCEEDED:
        allocate.take(order, payment, intent)
    elif intent.status != PaymentStatus.CANCELLED or _is_last(order, payment):
        order.move(CONSEQUENCES[intent.status])
    if intent.status == PaymentStatus.AUTHORISED:
        outbox.add(outbox.ORDER_AUTHORISED, intent.stripe_id, payment.pk, order)
    if order.status == before:
        return []
    order.save(update_fields=["status", "paid_at"])
    return [audit.order_moved(order, before, intent.request_id)]


def _is_last(order: Order, payment: Payment) -> bool:
    """True unless a later attempt has taken over: then this one decides nothing."""
    return not order.payments.filter(attempt__gt=payment.attempt).exists()
