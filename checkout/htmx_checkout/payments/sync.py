"""All that Stripe knows of a payment or an order, asked at once by whoever doubts."""

from .. import gateway
from ..gateway.objects import Intent
from ..models import Order, Payment
from ..models.statuses import PaymentStatus
from . import lookups, settle
from .settle import Truth


def refresh_order(order: Order) -> Order:
    """Ask Stripe about each payment of ``order``, and act on the answers.

    Returns the order as it is afterwards. Safe to repeat. Raises
    ``GatewayError``; what was answered before is kept then.
    """
    for payment in order.payments.order_by("attempt"):
        refresh_payment(payment)
    order.refresh_from_db()
    return order


def refresh_payment(payment: Payment) -> Order:
    """Ask Stripe about one payment: its intent, its refunds, its disputes.

    Safe to repeat. One call, one more where money has come, and one for each
    dispute. Raises ``GatewayError``.
    """
    intent = _intent(payment)
    if intent is None:
        return payment.order
    has_money = payment.amount_received or intent.amount_received
    found = gateway.refunds(intent.stripe_id) if has_money else None
    order = settle.keep(payment, Truth(intent=intent, refunds=found))
    for dispute in payment.disputes.all():
        facts = gateway.dispute(dispute.stripe_id)
        order = settle.keep(payment, Truth(dispute=facts))
    return order


def _intent(payment: Payment) -> Intent | None:
    """The intent as it is now; None where Stripe has none, or none of ours."""
    if payment.stripe_id is not None:
        return gateway.retrieve(payment.stripe_id)
    if payment.status != PaymentStatus.CREATING:
        return None
    return lookups.find(payment)
