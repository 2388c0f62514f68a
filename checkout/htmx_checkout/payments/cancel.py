"""Cancels an order: Stripe is asked first, and its answer decides.

A shopper may pay at the same moment. Stripe decides which of the two was first:
either the intent is cancelled and can never be paid, or it is paid, and so is the
order.
"""

from functools import partial

from .. import gateway
from ..core.failpoints import CANCEL
from ..exceptions import ObjectMissing
from ..models import Order, Payment, live_payment
from . import settle, sync


def cancel(order: Order, reason: str = "abandoned") -> Order:
    """Cancel ``order``, unless money has come or is on its way.

    Money that is held for it is released. ``reason`` is one of Stripe's words:
    abandoned, duplicate, requested_by_customer. Returns the order as it is
    afterwards, which may be paid. Safe to repeat, and to run while the shopper
    pays. Raises ``GatewayError`` with nothing decided.
    """
    if order.is_paid or order.is_cancelled:
        return order
    payment = live_payment(order)
    if payment is None:
        return settle.cancel_unpaid(order.pk)
    try:
        return cancel_payment(payment, reason).order
    except ObjectMissing:
        settle.give_up(payment)
    found = live_payment(order)
    if found is not None and found.stripe_id != payment.stripe_id:
        # Not given up: an event has brought the intent since it was looked for.
        return cancel_payment(found, reason).order
    return settle.cancel_unpaid(order.pk)


def cancel_payment(payment: Payment, reason: str = "abandoned") -> sync.Kept:
    """Cancel the intent of ``payment`` at Stripe, and keep the answer.

    Safe to repeat: the key is the payment's. Raises ``GatewayError``;
    ``ObjectMissing`` where Stripe has no intent for it.
    """
    stripe_id = payment.stripe_id or sync.find(payment).stripe_id
    key = f"{payment.idempotency_key}-cancel"
    call = partial(gateway.cancel, stripe_id, reason=reason, key=key)
    return sync.ask(payment, call, stops=CANCEL)
