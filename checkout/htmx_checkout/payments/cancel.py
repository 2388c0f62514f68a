"""An order is given up: Stripe is asked first, and its answer decides.

A shopper may pay in this very moment. Stripe takes one of the two, and says
which: either the intent is cancelled and can never be paid, or it is paid and
so is the order.
"""

from functools import partial

from .. import audit, gateway
from ..core import transactions
from ..core.failpoints import Failpoint, reach
from ..exceptions import IntentMissing, IntentMoved
from ..gateway.objects import Intent
from ..models import Order, Payment, live_payment
from ..models.statuses import OrderStatus, PaymentStatus
from . import lookups, settle


def cancel(order: Order, reason: str = "abandoned") -> Order:
    """Give ``order`` up, unless money has come or is on its way.

    ``reason`` is one of Stripe's words: abandoned, duplicate,
    requested_by_customer. Returns the order as it is afterwards, which may be
    paid. Safe to repeat and to run while the shopper pays. Raises
    ``GatewayError`` with nothing decided.
    """
    payment = live_payment(order)
    if order.is_paid or order.is_cancelled:
        return order
    if payment is None:
        return transactions.run(partial(_close, order.pk))
    stripe_id = payment.stripe_id or lookups.stripe_id(payment)
    if stripe_id is None:
        transactions.run(partial(give_up, order.pk, payment.pk))
        return transactions.run(partial(_close, order.pk))
    intent = void(payment, stripe_id, reason)
    if intent is None:
        transactions.run(partial(give_up, order.pk, payment.pk))
        return transactions.run(partial(_close, order.pk))
    reach(Failpoint.CANCEL_ASKED)
    return settle.record(payment, intent)


def void(payment: Payment, stripe_id: str, reason: str) -> Intent | None:
    """Cancel an intent at Stripe; returns it as it is then, None if there is none."""
    key = f"{payment.idempotency_key}-cancel"
    try:
        return gateway.cancel(stripe_id, reason=reason, key=key)
    except IntentMoved as error:
        moved: Intent = error.intent
        return moved
    except IntentMissing:
        return None


def give_up(order_pk: int, payment_pk: int) -> None:
    """Turn away from an attempt of which Stripe has nothing, or nothing to pay.

    Safe for money: no browser has the client secret of an intent that was
    being created, and an intent that Stripe does not have takes none. If one
    is paid all the same, ``arrivals`` opens an exception.
    """
    order = Order.lock(order_pk)
    payment = order.payments.get(pk=payment_pk)
    before = payment.status
    if payment.is_live and payment.move(PaymentStatus.GIVEN_UP):
        payment.save(update_fields=["status"])
        audit.write([audit.payment_moved(payment, before)])


def _close(order_pk: int) -> Order:
    order = Order.lock(order_pk)
    before = order.status
    if live_payment(order) is None and not order.is_cancelled and not order.is_paid:
        order.move(OrderStatus.CANCELLED)
        order.save(update_fields=["status"])
        audit.write([audit.order_moved(order, before)])
    return order
