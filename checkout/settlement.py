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
from .exceptions import GatewayError, StripeUnreachable
from .intents import Intent
from .models import Event, MoneyException, Order, Payment, live_payment
from .statuses import FINAL, OrderStatus, PaymentStatus

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


def record(payment: Payment, intent: Intent, *, event: Event | None = None) -> Order:
    """Bring one payment and its order up to ``intent``, in one transaction.

    ``event`` is marked as processed in the same transaction: if anything here
    fails, the event stays unprocessed and is delivered again.
    """
    work = partial(_record, payment.pk, payment.order_id, intent, event)
    return transactions.run(work)


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
    if payment.stripe_id not in (None, intent.stripe_id):
        raise StripeUnreachable("Stripe answered with another intent.")
    payment.stripe_id = intent.stripe_id
    has_moved = False
    if payment.is_newer_than(intent.asked_at) and intent.status not in FINAL:
        logger.debug("%s stays %s: %s is old", payment, payment.status, intent.status)
    elif payment.status == intent.status or (has_moved := payment.move(intent.status)):
        payment.asked_at = intent.asked_at
        payment.last_error = intent.last_error
        payment.amount_received = intent.amount_received
    elif intent.status == PaymentStatus.SUCCEEDED:
        # Given up here, and paid there all the same.
        payment.amount_received = intent.amount_received
        _except(payment, MoneyException.Kind.GIVEN_UP, _money(intent))
    # What an attempt that was given up does afterwards is not the order's way.
    if has_moved:
        _follow(order, payment, intent)
    payment.save()


def _follow(order: Order, payment: Payment, intent: Intent) -> None:
    if intent.status != PaymentStatus.SUCCEEDED:
        moved = order.move(CONSEQUENCES[intent.status])
    elif order.is_paid:
        moved = False
    elif fault := _fault(order, intent):
        _except(payment, *fault)
        moved = False
    else:
        moved = order.move(OrderStatus.PAID)
        effects.stage(order, effects.ORDER_PAID)
    if moved:
        order.save(update_fields=["status", "paid_at"])


def _fault(order: Order, intent: Intent) -> tuple[str, str] | None:
    """Why this money cannot pay this order, as the kind and detail of an exception."""
    if order.status == OrderStatus.CANCELLED:
        return MoneyException.Kind.LATE, _money(intent)
    came = (intent.amount_received, intent.currency, intent.livemode)
    due = (order.amount, order.currency, order.livemode)
    if came != due:
        return MoneyException.Kind.MISMATCH, f"came {came}, due {due}"
    return None


def _money(intent: Intent) -> str:
    return f"{intent.amount_received} {intent.currency} by {intent.stripe_id}"


def _except(payment: Payment, kind: str, detail: str) -> None:
    """Open an exception, once, and tell whoever reads errors."""
    _found, is_new = MoneyException.objects.get_or_create(
        payment=payment, kind=kind, defaults={"detail": detail}
    )
    if is_new:
        logger.error("Money without an order: %s, %s, %s", payment, kind, detail)
