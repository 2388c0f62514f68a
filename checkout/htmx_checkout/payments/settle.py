"""Moves payments and orders to where Stripe says they are.

This is the only module that moves an order. Every answer of Stripe's ends here:
those of the return page, the poll, the webhook, the reconciler, the admin and the
checkout itself. The answer is fetched first, with no lock held (see ``sync``). Then
one transaction locks the order, compares, and moves forward only, so that an
answer which arrives late changes nothing.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from .. import audit, disputes, outbox
from ..core import transactions
from ..core.failpoints import SETTLE, Stops, reach
from ..exceptions import StripeUnreachable
from ..gateway.objects import Intent, StripeDispute, StripeRefund
from ..models import AuditEntry, Order, Payment, live_payment
from ..models.statuses import FINAL, ORDER_FOLLOWS, OrderStatus, PaymentStatus
from ..refunds import apply
from . import allocate

logger = logging.getLogger(__name__)

# The fields of a payment that an intent decides.
FROM_INTENT = """
    stripe_id status amount currency email amount_received amount_capturable
    capture_before last_error charge asked_at
""".split()

First = Callable[[Payment], object] | None
Also = Callable[[], object] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshots:
    """What Stripe answered about one payment; None for what was not asked about."""

    intent: Intent | None = None
    refunds: list[StripeRefund] | None = None
    dispute: StripeDispute | None = None


def keep(
    payment: Payment,
    found: Snapshots,
    *,
    first: First = None,
    also: Also = None,
    stops: Stops = SETTLE,
) -> Payment:
    """Bring a payment and its order up to date, in one transaction.

    Returns the payment as it is stored now, with its order. ``first`` runs in the
    same transaction under the order's lock, before anything is kept, and ``also``
    after the rest; if one of them raises, nothing is kept. An event is marked as
    processed there, so that it comes again if anything fails. Safe to repeat.
    Raises ``StripeUnreachable`` for an intent of another payment.
    """
    reach(stops.asked)
    kept = _keep(payment, found, first, also, stops)
    reach(stops.kept)
    return kept


@transactions.retried
def _keep(
    payment: Payment, found: Snapshots, first: First, also: Also, stops: Stops
) -> Payment:
    payment = locked(payment)
    if first is not None:
        first(payment)
    order = payment.order
    if found.intent is not None:
        _apply_intent(order, payment, found.intent)
    if found.refunds is not None and apply.refunds(order, payment, found.refunds):
        _cancel_refunded(order, payment)
    if found.dispute is not None:
        disputes.apply(order, payment, found.dispute)
    if also is not None:
        also()
    reach(stops.keeping)
    return payment


def locked(payment: Payment) -> Payment:
    """Lock the order of ``payment`` and read both anew. Call inside a transaction."""
    order = Order.lock(payment.order_id)
    found: Payment = order.payments.get(pk=payment.pk)
    found.order = order
    return found


@transactions.retried
def give_up(payment: Payment) -> bool:
    """Give up an attempt that has no intent at Stripe; returns whether it did.

    It does not if an event has stored an intent since ``payment`` was read. No money
    is at risk: no browser has the client secret of an intent that was still being
    created, and one that Stripe does not have cannot be paid. If one is paid all the
    same, ``allocate`` opens an incident and pays it back. Safe to repeat.
    """
    found = locked(payment)
    before, is_same = found.status, found.stripe_id == payment.stripe_id
    if not (is_same and found.is_live and found.move(PaymentStatus.GIVEN_UP)):
        return False
    found.save(update_fields=["status"])
    audit.write([audit.payment_moved(found, before)])
    return True


@transactions.retried
def cancel_unpaid(pk: int) -> Order:
    """Cancel the order ``pk`` if no payment can pay it; returns it. Safe to repeat."""
    order = Order.lock(pk)
    if live_payment(order) is None and not order.is_paid:
        audit.write(_move(order, OrderStatus.CANCELLED))
    return order


def _move(order: Order, status: OrderStatus, request_id: str = "") -> list[AuditEntry]:
    """Move ``order`` if that is a legal move; returns its entry, to be written."""
    before = order.status
    if not order.move(status):
        return []
    order.save(update_fields=["status", "paid_at"])
    return [audit.order_moved(order, before, request_id)]


def _cancel_refunded(order: Order, payment: Payment) -> None:
    """Cancel an order that waits for a payment which has gone back in full.

    Its intent has succeeded and cannot be paid again: the shopper's next try makes
    a new order.
    """
    if payment.status == PaymentStatus.SUCCEEDED and not order.is_paid:
        audit.write(_move(order, OrderStatus.CANCELLED))


def _apply_intent(order: Order, payment: Payment, intent: Intent) -> None:
    """Move ``payment`` and ``order`` to where ``intent`` is, and save them."""
    if payment.stripe_id not in (None, intent.stripe_id):
        raise StripeUnreachable("Stripe answered with another intent.")
    payment.stripe_id = intent.stripe_id
    before = payment.status
    if payment.is_newer_than(intent.asked_at) and intent.status not in FINAL:
        logger.debug("%s stays %s: %s is old", payment, payment.status, intent.status)
    elif payment.status == intent.status or payment.move(intent.status):
        _add_failure(order, payment, intent)
        _copy(payment, intent)
    if not payment.is_live and intent.status == PaymentStatus.SUCCEEDED:
        _keep_given_up(order, payment, intent)
        return
    payment.save(update_fields=FROM_INTENT)
    if payment.status != before:
        moved = audit.payment_moved(payment, before, intent.request_id)
        audit.write([moved, *_follow(order, payment, intent)])


def _keep_given_up(order: Order, payment: Payment, intent: Intent) -> None:
    """Keep money that came by an attempt which was given up here."""
    has_news = payment.amount_received != intent.amount_received
    payment.amount_received = intent.amount_received
    payment.currency = intent.currency
    payment.save()
    if has_news:
        allocate.allocate(order, payment, intent)


def _copy(payment: Payment, intent: Intent) -> None:
    payment.asked_at = intent.asked_at
    payment.last_error, payment.charge = intent.last_error, intent.charge
    payment.amount_received = intent.amount_received
    payment.amount_capturable = intent.amount_capturable
    payment.capture_before = intent.capture_before or payment.capture_before
    if intent.status == PaymentStatus.SUCCEEDED:
        # It may have been changed at Stripe; the money is counted in that currency.
        payment.currency = intent.currency


def _add_failure(order: Order, payment: Payment, intent: Intent) -> None:
    """Add the outbox message about a refused charge that is not stored yet."""
    stored = (payment.last_error, payment.charge)
    if intent.last_error and (intent.last_error, intent.charge) != stored:
        subject = f"{intent.stripe_id}:{intent.charge or intent.last_error}"
        outbox.add(outbox.Name.PAYMENT_FAILED, subject, payment.pk, order)


def _follow(order: Order, payment: Payment, intent: Intent) -> list[AuditEntry]:
    """Move the order to where its payment has gone, if that is a legal move."""
    status = ORDER_FOLLOWS[intent.status]
    later = order.payments.filter(attempt__gt=payment.attempt)
    if intent.status == PaymentStatus.SUCCEEDED:
        if not allocate.allocate(order, payment, intent):
            return []
        outbox.add_first(outbox.Name.ORDER_PAID, order.reference, order.pk, order)
    elif intent.status == PaymentStatus.AUTHORISED:
        outbox.add(outbox.Name.ORDER_AUTHORISED, intent.stripe_id, payment.pk, order)
    elif intent.status == PaymentStatus.CANCELLED and later.exists():
        # A later attempt has taken over: this one decides nothing.
        return []
    return _move(order, status, intent.request_id) if status else []
