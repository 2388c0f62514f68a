"""What Stripe says becomes what we hold.

Return page, polling, webhook and the till itself all end here. The truth is
fetched first, with no lock held; then one transaction locks the order, compares
and moves forward only. An answer that was fetched early and arrives late finds
the order further on, and changes nothing.
"""

import logging
from datetime import timedelta
from functools import partial

from django.utils import timezone

from . import effects, gateway, transactions
from .gateway import Intent
from .models import Event, MoneyException, Order, Payment, live_payment
from .statuses import OrderStatus, PaymentStatus

logger = logging.getLogger(__name__)

# What a payment's state means for its order, success aside.
CONSEQUENCES = {
    PaymentStatus.OPEN: OrderStatus.OPEN,
    PaymentStatus.ACTION: OrderStatus.OPEN,
    PaymentStatus.CANCELLED: OrderStatus.OPEN,
    PaymentStatus.PROCESSING: OrderStatus.PROCESSING,
    PaymentStatus.AUTHORISED: OrderStatus.PROCESSING,
}


def settle(order: Order, *, unless_asked_within: timedelta | None = None) -> Order:
    """Ask Stripe about the order's live payment, and act on the answer.

    Returns the order as it is afterwards. Safe to repeat, and to run many times
    at once. One call to Stripe; none if there is no intent yet, if the order is
    paid, or if Stripe was asked within the time given. Raises ``GatewayError``
    when Stripe gives no answer; nothing has changed then.
    """
    payment = live_payment(order)
    if order.is_paid or payment is None or payment.stripe_id is None:
        return order
    recently = timezone.now() - (unless_asked_within or timedelta())
    if payment.asked_at is not None and payment.asked_at > recently:
        return order
    return record(payment, gateway.retrieve(payment.stripe_id))


def record(payment: Payment, intent: Intent, *, event: Event | None = None) -> Order:
    """Bring one payment and its order up to ``intent``, in one transaction.

    ``event`` is marked as processed in the same transaction: if anything here
    fails, the event stays unprocessed and is delivered again.
    """
    return transactions.run(
        partial(_record, payment.pk, payment.order_id, intent, event)
    )


def _record(
    payment_pk: int, order_pk: int, intent: Intent, event: Event | None
) -> Order:
    order = Order.objects.select_for_update().get(pk=order_pk)
    apply(order, order.payments.get(pk=payment_pk), intent)
    if event is not None:
        event.processed_at, event.outcome = timezone.now(), "applied"
        event.save(update_fields=["processed_at", "outcome"])
    return order


def apply(order: Order, payment: Payment, intent: Intent) -> None:
    """Move ``payment`` and ``order`` to where ``intent`` is, and save them.

    The caller is in a transaction and holds the order's lock.
    """
    payment.stripe_id = intent.stripe_id
    payment.asked_at = timezone.now()
    if payment.status == intent.status or payment.move(intent.status):
        payment.last_error = intent.last_error
        payment.amount_received = intent.amount_received
        _follow(order, payment, intent)
    else:
        logger.info("%s stays %s: %s came late", payment, payment.status, intent.status)
    payment.save()


def _follow(order: Order, payment: Payment, intent: Intent) -> None:
    if intent.status != PaymentStatus.SUCCEEDED:
        moved = order.move(CONSEQUENCES[intent.status])
    elif fault := _fault(order, intent):
        _except(payment, *fault)
        moved = False
    else:
        moved = order.move(OrderStatus.PAID)
        if moved:
            effects.stage(order, effects.ORDER_PAID)
    if moved:
        order.save(update_fields=["status", "paid_at"])


def _fault(order: Order, intent: Intent) -> tuple[str, str] | None:
    """Why this money cannot pay this order, as the kind and detail of an exception."""
    if order.status == OrderStatus.CANCELLED:
        return MoneyException.Kind.LATE, f"{intent.amount_received} {intent.currency}"
    came = (intent.amount_received, intent.currency, intent.livemode)
    due = (order.amount, order.currency, order.livemode)
    if came != due:
        return MoneyException.Kind.MISMATCH, f"came {came}, due {due}"
    return None


def _except(payment: Payment, kind: str, detail: str) -> None:
    """Open an exception, once, and tell whoever reads errors."""
    _found, is_new = MoneyException.objects.get_or_create(
        payment=payment, kind=kind, defaults={"detail": detail}
    )
    if is_new:
        logger.error("Money without an order: %s, %s, %s", payment, kind, detail)
