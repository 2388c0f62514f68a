"""Money has arrived: whose is it?

It pays its order; or it is paid back, where the host's policy says so and nobody
has to think; or it is an open exception that somebody is told about.
"""

from typing import Any

from .. import incidents, outbox
from ..conf import conf
from ..gateway.objects import Intent
from ..models import Order, Payment
from ..models.statuses import OrderStatus
from ..money import Money
from ..refunds import plan

Kind = incidents.Kind


def take(order: Order, payment: Payment, intent: Intent) -> bool:
    """Decide what succeeded money is for; True if ``order`` has been paid by it.

    The caller is in a transaction, holds the order's lock, has moved ``payment``
    to where ``intent`` is, and saves the order.
    """
    if order.is_paid:
        return _send_back(order, payment, Kind.SECOND)
    if fault := _fault(order, intent):
        return _keep_apart(order, payment, Kind.MISMATCH, fault)
    if not payment.is_live:
        return _send_back(order, payment, Kind.GIVEN_UP)
    if order.is_cancelled:
        return _late(order, payment)
    return _pay(order)


def _fault(order: Order, intent: Intent) -> str:
    """Why this money cannot pay this order; empty if it can."""
    came = (intent.amount_received, intent.currency, intent.livemode)
    due = (order.amount, order.currency, order.livemode)
    return "" if came == due else f"came {_said(*came)}, due {_said(*due)}"


def _said(amount: int, currency: str, livemode: bool) -> str:
    return f"{Money(amount, currency).display('en')} {'live' if livemode else 'test'}"


def _late(order: Order, payment: Payment) -> bool:
    """Money for a cancelled order: the host's policy decides, and somebody is told."""
    if conf().late_money != "honour":
        return _send_back(order, payment, Kind.LATE)
    told = _sound(order, payment, Kind.LATE, _words(payment))
    incidents.close(told, "honoured: the order is paid after all")
    return _pay(order)


def _pay(order: Order) -> bool:
    order.move(OrderStatus.PAID)
    outbox.add_first(outbox.ORDER_PAID, order.reference, order.pk, order)
    return True


def _send_back(order: Order, payment: Payment, kind: Kind) -> bool:
    """Nobody ordered this: it goes back at once, and the exception closes then."""
    _sound(order, payment, kind, _words(payment))
    plan.plan_and_queue(order, payment, "policy")
    return False


def _keep_apart(order: Order, payment: Payment, kind: Kind, detail: str) -> bool:
    """Nobody can know what was meant: a person decides."""
    _sound(order, payment, kind, detail)
    return False


def _sound(order: Order, payment: Payment, kind: Kind, detail: str) -> Any:
    subject = payment.stripe_id or ""
    return incidents.report(kind, subject, detail, order=order, payment=payment)


def _words(payment: Payment) -> str:
    return f"{payment.received.display('en')} by {payment.stripe_id}"
