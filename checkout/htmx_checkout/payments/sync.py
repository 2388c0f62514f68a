"""Asks Stripe about a payment and keeps the answer.

This is the only module that does both. What another module wants of Stripe about
one payment, it asks for here: it names the call, and gets the payment as it is
stored afterwards. No call is made inside a transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.utils import timezone

from .. import gateway
from ..core import transactions
from ..core.failpoints import REFUND, SETTLE, Stops
from ..exceptions import GatewayError, IntentMoved, ObjectMissing
from ..gateway.objects import Intent, StripeRefund
from ..models import Order, Payment, live_payment
from ..models.statuses import PaymentStatus
from . import allocate, settle
from .settle import Snapshots

# However many pages are open, Stripe is asked about one order once in this time.
LOOK_AGAIN = timedelta(seconds=1)
# Two clocks differ, and a request may lie in a queue.
MARGIN = timedelta(minutes=10)

# One call to Stripe with all its arguments.
IntentCall = Callable[[], Intent]


@dataclass(frozen=True, slots=True)
class Kept:
    """What Stripe answered, and the payment as it is stored now."""

    payment: Payment
    intent: Intent

    @property
    def order(self) -> Order:
        return self.payment.order


def ask(
    payment: Payment,
    call: IntentCall,
    first: Callable[[Payment, Intent], object] = lambda stored, intent: None,
    stops: Stops = SETTLE,
) -> Kept:
    """Make ``call`` about ``payment``, and keep the answer.

    ``call`` creates, updates, retrieves, finds, cancels or captures its intent. An
    intent that is past the state which ``call`` needs is an answer too. ``first``
    gets the stored payment and the answer under the order's lock, and may change
    the payment before it is saved; if it raises, nothing is kept. Safe to repeat if
    ``call`` is. Raises ``GatewayError`` with nothing changed here; ``ObjectMissing``
    is the certainty that Stripe has no such intent.
    """
    try:
        intent = call()
    except IntentMoved as error:
        intent = error.intent
    kept = settle.keep(
        payment,
        Snapshots(intent=intent),
        first=lambda stored: first(stored, intent),
        stops=stops,
    )
    return Kept(kept, intent)


def find(payment: Payment) -> Intent:
    """The intent of an attempt whose creation had no answer. Keeps nothing.

    Needed before a key is sent again that Stripe may have forgotten, which could make
    a second intent, or under which it has saved an error. Raises ``GatewayError``, and
    ``ObjectMissing`` if Stripe has none. That is certain: its list is always current
    and is read for the whole time in which the key was sent.
    """
    found = gateway.find(
        payment.order.reference,
        payment.attempt,
        since=payment.key_stored_at - MARGIN,
        until=payment.key_sent_at + MARGIN,
    )
    if found is None:
        raise ObjectMissing(f"Stripe has no intent for {payment}.")
    return found


def retrieve(payment: Payment) -> IntentCall:
    """The call that retrieves the intent of ``payment``, or looks for it."""
    if payment.stripe_id is None:
        return partial(find, payment)
    return partial(gateway.retrieve, payment.stripe_id)


def refresh_order(order: Order) -> Order:
    """Ask Stripe about each payment of ``order``, and keep the answers.

    Returns the order as it is afterwards. Safe to repeat. Raises ``GatewayError``;
    what was answered before is kept then.
    """
    for payment in order.payments.order_by("attempt"):
        refresh_payment(payment)
    order.refresh_from_db()
    return order


def refresh_payment(payment: Payment) -> Order:
    """Ask Stripe about one payment: its intent, its refunds, its disputes.

    Returns its order as it is afterwards. Safe to repeat. One call, one more where
    money has come, and one for each dispute. Raises ``GatewayError``.
    """
    if payment.stripe_id is None and payment.status != PaymentStatus.CREATING:
        return payment.order
    try:
        intent = retrieve(payment)()
    except ObjectMissing:
        if payment.stripe_id is None:
            return payment.order
        raise
    has_money = payment.amount_received or intent.amount_received
    refunds = gateway.refunds(intent.stripe_id) if has_money else None
    kept = settle.keep(payment, Snapshots(intent=intent, refunds=refunds))
    for dispute in payment.disputes.all():
        refresh_dispute(payment, dispute.stripe_id)
    return kept.order


def refresh_intent(payment: Payment) -> Kept:
    """Ask Stripe about the intent alone. Safe to repeat; see ``ask`` for errors."""
    return ask(payment, retrieve(payment))


def refresh_refunds(payment: Payment) -> None:
    """Bring the refunds of ``payment`` up to Stripe's list. Safe to repeat.

    One call. Raises ``GatewayError``, with nothing changed.
    """
    settle.keep(payment, Snapshots(refunds=gateway.refunds(payment.stripe_id or "")))


def refresh_dispute(payment: Payment, stripe_id: str) -> None:
    """Ask Stripe about one dispute of ``payment``. Safe to repeat.

    One call. Raises ``GatewayError``, with nothing changed.
    """
    settle.keep(payment, Snapshots(dispute=gateway.dispute(stripe_id)))


def refresh_named(
    payment: Payment,
    intent_id: str = "",
    refunds_of: str = "",
    dispute_id: str = "",
    also: Callable[[], object] | None = None,
) -> None:
    """Ask about the objects of ``payment`` that are named, and keep all at once.

    ``refunds_of`` is an intent whose refunds are asked for. ``also`` runs in the
    transaction that keeps the answers. Safe to repeat. Raises ``GatewayError``,
    with nothing changed.
    """
    snapshots = Snapshots(
        intent=gateway.retrieve(intent_id) if intent_id else None,
        refunds=gateway.refunds(refunds_of) if refunds_of else None,
        dispute=gateway.dispute(dispute_id) if dispute_id else None,
    )
    settle.keep(payment, snapshots, also=also)


def refresh_if(payment: Payment, admits: Callable[[Intent], bool]) -> bool:
    """Ask Stripe about one payment; keep the answer if ``admits`` says so.

    Returns whether it was kept. Not if Stripe gives no answer.
    """
    try:
        intent = gateway.retrieve(payment.stripe_id or "")
    except GatewayError:
        return False
    if not admits(intent):
        return False
    settle.keep(payment, Snapshots(intent=intent))
    return True


def look(order: Order) -> tuple[Order, bool]:
    """Refresh at most once a second. Returns (order, is_current).

    For a page that is only looked at. Not current while another request asks, or
    when Stripe gives no answer. Raises nothing for that.
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
        return refresh_intent(payment).order, True
    except GatewayError:
        return order, False


def ask_for_refund(payment: Payment, call: Callable[[], StripeRefund]) -> None:
    """Make ``call``, which creates a refund of ``payment``, and keep the answer.

    Safe to repeat if ``call`` is. Raises ``GatewayError`` with nothing changed.
    """
    settle.keep(payment, Snapshots(refunds=[call()]), stops=REFUND)


def keep_listed(payment: Payment | None, intent: Intent) -> Payment | None:
    """Keep an intent that a list of Stripe's has named, as any other answer.

    ``payment`` is None for money of which no payment is stored here. Returns the
    payment as it is stored now. Safe to repeat.
    """
    if payment is not None:
        return settle.keep(payment, Snapshots(intent=intent))
    _keep_stray(intent)
    return None


def ask_about_stray(stripe_id: str, also: Callable[[], object]) -> None:
    """Ask about an intent of which no payment is stored here, and allocate it.

    ``also`` runs in the same transaction. Safe to repeat. Raises ``GatewayError``.
    """
    _keep_stray(gateway.retrieve(stripe_id), also)


@transactions.retried
def _keep_stray(intent: Intent, also: Callable[[], object] | None = None) -> None:
    allocate.allocate_stray(intent)
    if also is not None:
        also()
