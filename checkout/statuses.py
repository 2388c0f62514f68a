"""The states of orders and payments, and the only moves between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderStatus(TextChoices):
    # Nothing is on its way; the shopper can pay, or go away.
    OPEN = "open", _("open")
    # Money is on its way, or held: nobody may pay again.
    PROCESSING = "processing", _("processing")
    # The whole amount has arrived, in the right currency.
    PAID = "paid", _("paid")
    # Given up; money that still arrives is an exception.
    CANCELLED = "cancelled", _("cancelled")


class PaymentStatus(TextChoices):
    # The idempotency key is stored; whether Stripe has the intent is not known.
    CREATING = "creating", _("creating")
    # Stripe waits for the shopper (requires_payment_method, _confirmation).
    OPEN = "open", _("open")
    # The shopper is with the bank (requires_action).
    ACTION = "action", _("action needed")
    # The bank has not said yes or no.
    PROCESSING = "processing", _("processing")
    # Held on the card, to be captured (requires_capture).
    AUTHORISED = "authorised", _("authorised")
    # Stripe has the money. Final.
    SUCCEEDED = "succeeded", _("succeeded")
    # Stripe will never take money for this intent. Final.
    CANCELLED = "cancelled", _("cancelled")


# A payment that fails at the bank gives its order back to the shopper, so
# "processing" may fall back to "open". Nothing leaves "paid" from here.
ORDER_MOVES: dict[str, set[str]] = {
    OrderStatus.OPEN: {
        OrderStatus.PROCESSING,
        OrderStatus.PAID,
        OrderStatus.CANCELLED,
    },
    OrderStatus.PROCESSING: {
        OrderStatus.OPEN,
        OrderStatus.PAID,
        OrderStatus.CANCELLED,
    },
    OrderStatus.PAID: set(),
    OrderStatus.CANCELLED: set(),
}

# Stripe moves back and forth between the first five; two are final
# (https://docs.stripe.com/payments/paymentintents/lifecycle).
_MOVING: set[str] = {
    PaymentStatus.OPEN,
    PaymentStatus.ACTION,
    PaymentStatus.PROCESSING,
    PaymentStatus.AUTHORISED,
}
FINAL: set[str] = {PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED}
PAYMENT_MOVES: dict[str, set[str]] = {
    PaymentStatus.CREATING: _MOVING | FINAL,
    **{status: (_MOVING | FINAL) - {status} for status in _MOVING},
    **{status: set() for status in FINAL},
}
