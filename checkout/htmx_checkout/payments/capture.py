"""Captures held money (``CHECKOUT["CAPTURE_METHOD"] = "manual"``).

To release it instead, cancel its order: see ``cancel``.
"""

from functools import partial

from django.utils.translation import gettext as _

from .. import gateway
from ..core.failpoints import CAPTURE, Failpoint, reach
from ..exceptions import CaptureRefused
from ..models import Order, Payment
from ..models.statuses import PaymentStatus
from ..money import Money
from . import sync


def capture(payment: Payment, amount: int | None = None) -> Order:
    """Capture ``amount`` minor units of what is held; all of it if None.

    Only the whole amount pays the order; less opens an incident, since the order
    costs more. What is not captured is released. Returns the order as it is
    afterwards. Safe to repeat: the key is the payment's, so that Stripe captures
    once. Raises ``CaptureRefused`` before Stripe is asked, and ``GatewayError``.
    """
    if payment.status != PaymentStatus.AUTHORISED:
        status = {"status": payment.get_status_display()}
        raise CaptureRefused(_("Nothing is held: the payment is %(status)s.") % status)
    amount = payment.amount_capturable if amount is None else amount
    if not 0 < amount <= payment.amount_capturable:
        held = {"held": Money(payment.amount_capturable, payment.currency)}
        raise CaptureRefused(_("%(held)s is held.") % held)
    reach(Failpoint.FETCHED)
    key = f"{payment.idempotency_key}-capture-{amount}"
    stripe_id = payment.stripe_id or ""
    call = partial(gateway.capture, stripe_id, amount=amount, key=key)
    return sync.ask(payment, call, stops=CAPTURE).order
