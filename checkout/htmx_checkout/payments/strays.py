"""Money that names us, while no payment of ours has its intent.

A backup that was restored has lost the row; or a page of Stripe's own, a hosted
checkout, was paid beside the till. Nothing is guessed from a name: what paid an
order that is paid already goes back, and a person looks at the rest.
"""

from .. import audit, incidents
from ..gateway.objects import Intent
from ..models import Order, Payment
from ..models.statuses import PaymentStatus
from ..money import Money
from . import allocate


def take_stray(intent: Intent) -> None:
    """Open an exception for money without a payment here; once for each intent.

    The caller is in a transaction.
    """
    if intent.status != PaymentStatus.SUCCEEDED:
        return
    order = Order.locked().filter(reference=intent.order).first()
    # Under the lock: another delivery may be taking the same money in this moment.
    if Payment.objects.filter(stripe_id=intent.stripe_id).exists():
        return
    if order is not None and order.is_paid:
        allocate.take(order, _second(order, intent), intent)
        return
    money = Money(intent.amount_received, intent.currency)
    detail = f"{money.display('en')} for {intent.order or '?'}"
    kind, mode = incidents.Kind.STRAY, intent.livemode
    incidents.report(kind, intent.stripe_id, detail, money, order=order, livemode=mode)


def _second(order: Order, intent: Intent) -> Payment:
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
