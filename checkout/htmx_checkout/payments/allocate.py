"""Allocates a succeeded payment to its order, to a refund, or to an incident.

It pays its order; or it goes back, where the host's policy decides; or a person has
to decide. For the latter two an incident is opened here, which is closed when the
money has gone back. Moving the order is left to ``settle``.
"""

from .. import audit, incidents
from ..conf import conf
from ..gateway.objects import Intent
from ..models import Incident, Order, Payment
from ..models.statuses import PaymentStatus
from ..money import Money
from ..refunds import plan

Kind = incidents.Kind


def allocate(order: Order, payment: Payment, intent: Intent) -> bool:
    """Decide what succeeded money is for; returns True if it pays ``order``.

    The caller is in a transaction, holds the order's lock, has moved ``payment``
    to where ``intent`` is, and moves the order.
    """
    if order.is_paid:
        return _send_back(order, payment, Kind.SECOND)
    if difference := _difference(order, intent):
        # Nobody can know what was meant: a person decides.
        _report(order, payment, Kind.MISMATCH, difference)
        return False
    if not payment.is_live:
        return _send_back(order, payment, Kind.GIVEN_UP)
    if order.is_cancelled:
        return _allocate_late(order, payment)
    return True


def _difference(order: Order, intent: Intent) -> str:
    """Why this money cannot pay this order; empty if it can."""
    came = (intent.amount_received, intent.currency, intent.livemode)
    due = (order.amount, order.currency, order.livemode)
    return "" if came == due else f"came {_in_words(*came)}, due {_in_words(*due)}"


def _in_words(amount: int, currency: str, livemode: bool) -> str:
    return f"{Money(amount, currency).display('en')} {'live' if livemode else 'test'}"


def _allocate_late(order: Order, payment: Payment) -> bool:
    """Money for a cancelled order: the host's policy decides; an incident is opened."""
    if conf().late_money != "honour":
        return _send_back(order, payment, Kind.LATE)
    incident = _report(order, payment, Kind.LATE, _received_by(payment))
    incidents.close(incident, "honoured: the order is paid after all")
    return True


def _send_back(order: Order, payment: Payment, kind: Kind) -> bool:
    """Have a worker pay it back; the incident stays open until that is done."""
    _report(order, payment, kind, _received_by(payment))
    plan.plan_to_send_back(order, payment, "policy")
    return False


def _report(order: Order, payment: Payment, kind: Kind, detail: str) -> Incident:
    subject = payment.stripe_id or ""
    return incidents.report(kind, subject, detail, order=order, payment=payment)


def _received_by(payment: Payment) -> str:
    return f"{payment.received.display('en')} by {payment.stripe_id}"


def allocate_stray(intent: Intent) -> None:
    """Allocate money that names us, while no payment of ours has its intent.

    A restored backup may have lost the row, or a page of Stripe's own was paid as
    well. Nothing is guessed from a name: money for an order that is paid already goes
    back, and a person looks at the rest. Reported once for each intent. Call inside a
    transaction.
    """
    if intent.status != PaymentStatus.SUCCEEDED:
        return
    order = Order.locked().filter(reference=intent.order).first()
    # Under the lock: another delivery may be storing the same money at this moment.
    if Payment.objects.filter(stripe_id=intent.stripe_id).exists():
        return
    if order is not None and order.is_paid:
        allocate(order, _make_payment(order, intent), intent)
        return
    money = Money(intent.amount_received, intent.currency)
    detail = f"{money.display('en')} for {intent.order or '?'}"
    kind, mode = Kind.STRAY, intent.livemode
    incidents.report(kind, intent.stripe_id, detail, money, order=order, livemode=mode)


def _make_payment(order: Order, intent: Intent) -> Payment:
    """A row for money that paid a paid order once more, so that it can go back."""
    latest = order.payments.order_by("-attempt").first()
    payment = Payment.objects.create(
        order=order,
        attempt=(latest.attempt if latest else 0) + 1,
        status=PaymentStatus.GIVEN_UP,
        amount=intent.amount,
        currency=intent.currency,
        amount_received=intent.amount_received,
        idempotency_key=f"stray-{intent.stripe_id}",
        stripe_id=intent.stripe_id,
        asked_at=intent.asked_at,
    )
    audit.write([audit.payment_moved(payment, "", intent.request_id)])
    return payment
