"""Held money is taken, or let go (``CHECKOUT["CAPTURE_METHOD"] = "manual"``)."""

from django.utils.translation import gettext as _

from .. import gateway
from ..core.failpoints import Failpoint, reach
from ..exceptions import CaptureRefused, IntentMoved
from ..gateway.objects import Intent
from ..models import Order, Payment
from ..models.statuses import PaymentStatus
from ..money import Money
from . import cancel, settle


def capture(payment: Payment, amount: int | None = None) -> Order:
    """Take ``amount`` minor units of what is held, all of it if None.

    The order is paid by the whole amount only; less is an exception that says
    so, since what is missing was ordered too. What is not taken is released.
    Safe to repeat: the key is the payment's, so that Stripe captures once.
    Raises ``CaptureRefused`` before Stripe is asked, and ``GatewayError``.
    """
    if payment.status != PaymentStatus.AUTHORISED:
        status = {"status": payment.get_status_display()}
        raise CaptureRefused(_("Nothing is held: the payment is %(status)s.") % status)
    amount = payment.amount_capturable if amount is None else amount
    if not 0 < amount <= payment.amount_capturable:
        held = {"held": Money(payment.amount_capturable, payment.currency)}
        raise CaptureRefused(_("%(held)s is held.") % held)
    reach(Failpoint.FETCHED)
    intent = _ask(payment, amount)
    reach(Failpoint.CAPTURE_ASKED)
    return settle.record(payment, intent)


def _ask(payment: Payment, amount: int) -> Intent:
    key = f"{payment.idempotency_key}-capture-{amount}"
    try:
        return gateway.capture(payment.stripe_id or "", amount=amount, key=key)
    except IntentMoved as error:
        moved: Intent = error.intent
        return moved


def release(order: Order) -> Order:
    """Let held money go, and cancel the order; see ``cancellation.cancel``."""
    return cancel.cancel(order, "requested_by_customer")
