"""The states of orders, payments, refunds and disputes, and the moves between them.

A move that is not in a table here is refused.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrderStatus(TextChoices):
    # Nothing is on its way; the shopper can pay, or go away.
    OPEN = "open", _("open")
    # Money is on its way, or held: nobody may pay again.
    PROCESSING = "processing", _("processing")
    # The whole amount has arrived, in the right currency.
    PAID = "paid", _("paid")
    # Given up; money that still arrives is an incident.
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
    # Given up here, without Stripe's answer that it is cancelled. No browser has its
    # client secret; if money comes all the same, that is an incident.
    GIVEN_UP = "given_up", _("given up")


class RefundStatus(TextChoices):
    # The idempotency key is stored; whether Stripe has the refund is not known.
    CREATING = "creating", _("creating")
    # Stripe has it; the bank has not carried it out yet.
    PENDING = "pending", _("pending")
    # The shopper has to say where the money goes (requires_action).
    ACTION = "action", _("action needed")
    # The money is back, as far as Stripe knows. It can still fail.
    SUCCEEDED = "succeeded", _("succeeded")
    # The bank sent the money back to us. Final.
    FAILED = "failed", _("failed")
    # Cancelled before the money left. Final.
    CANCELLED = "cancelled", _("cancelled")


class DisputeStatus(TextChoices):
    # The bank only asks; no money has moved (warning_…).
    INQUIRY = "inquiry", _("inquiry")
    # The money is gone for now, and the bank waits for evidence.
    OPEN = "open", _("open")
    # The bank has the evidence.
    REVIEW = "review", _("under review")
    # The money is ours again. An appeal may follow.
    WON = "won", _("won")
    # The money is gone. An appeal may follow.
    LOST = "lost", _("lost")
    # An inquiry that came to nothing, or a dispute that was prevented. Final.
    CLOSED = "closed", _("closed")


# A payment that fails at the bank gives its order back to the shopper, so
# "processing" may fall back to "open". Nothing leaves "paid": what is paid back
# is counted, not forgotten. "Cancelled" is left only for late money that the
# host's policy honours.
ORDER_MOVES: dict[str, set[str]] = {
    OrderStatus.OPEN: {OrderStatus.PROCESSING, OrderStatus.PAID, OrderStatus.CANCELLED},
    OrderStatus.PROCESSING: {OrderStatus.OPEN, OrderStatus.PAID, OrderStatus.CANCELLED},
    OrderStatus.PAID: set(),
    OrderStatus.CANCELLED: {OrderStatus.PAID},
}

# Stripe moves back and forth between these four; two are final
# (https://docs.stripe.com/payments/paymentintents/lifecycle).
_MOVING: set[str] = {
    PaymentStatus.OPEN,
    PaymentStatus.ACTION,
    PaymentStatus.PROCESSING,
    PaymentStatus.AUTHORISED,
}
FINAL: set[str] = {PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED}
# In these states another attempt may be made.
DEAD: tuple[str, ...] = (PaymentStatus.CANCELLED, PaymentStatus.GIVEN_UP)
_STARTED = set(PaymentStatus.values) - {PaymentStatus.CREATING}
PAYMENT_MOVES: dict[str, set[str]] = {
    PaymentStatus.CREATING: _STARTED,
    **{status: _STARTED - {status} for status in _MOVING},
    PaymentStatus.GIVEN_UP: {PaymentStatus.CANCELLED},
    **{status: set() for status in FINAL},
}

# Where an order goes when its payment has gone to a state, if that is a legal move.
# None: Stripe says nothing of the kind. A test sees that each state is named.
ORDER_FOLLOWS: dict[PaymentStatus, OrderStatus | None] = {
    PaymentStatus.CREATING: None,
    PaymentStatus.OPEN: OrderStatus.OPEN,
    PaymentStatus.ACTION: OrderStatus.OPEN,
    PaymentStatus.PROCESSING: OrderStatus.PROCESSING,
    PaymentStatus.AUTHORISED: OrderStatus.PROCESSING,
    # Only if the money is what is due; see ``payments.allocate``.
    PaymentStatus.SUCCEEDED: OrderStatus.PAID,
    # Unless a later attempt has taken over.
    PaymentStatus.CANCELLED: OrderStatus.CANCELLED,
    PaymentStatus.GIVEN_UP: None,
}

# A refund that has succeeded can come back from the bank
# (https://docs.stripe.com/refunds#failed-refunds).
_AT_STRIPE = set(RefundStatus.values) - {RefundStatus.CREATING}
REFUND_MOVES: dict[str, set[str]] = {
    RefundStatus.CREATING: _AT_STRIPE,
    RefundStatus.PENDING: _AT_STRIPE - {RefundStatus.PENDING},
    RefundStatus.ACTION: _AT_STRIPE - {RefundStatus.ACTION},
    RefundStatus.SUCCEEDED: {RefundStatus.FAILED, RefundStatus.CANCELLED},
    RefundStatus.FAILED: set(),
    RefundStatus.CANCELLED: set(),
}
# What Stripe counts as given back.
AWAY = (RefundStatus.PENDING, RefundStatus.ACTION, RefundStatus.SUCCEEDED)

# In these states the bank has the money, for now or for good
# (https://docs.stripe.com/disputes/how-disputes-work).
TAKEN: tuple[str, ...] = (DisputeStatus.OPEN, DisputeStatus.REVIEW, DisputeStatus.LOST)
# An inquiry may become a chargeback; a lost one may be appealed.
_DISPUTED = set(DisputeStatus.values) - {DisputeStatus.INQUIRY}
DISPUTE_MOVES: dict[str, set[str]] = {
    DisputeStatus.INQUIRY: _DISPUTED,
    DisputeStatus.OPEN: _DISPUTED - {DisputeStatus.OPEN},
    DisputeStatus.REVIEW: _DISPUTED - {DisputeStatus.REVIEW},
    DisputeStatus.WON: {DisputeStatus.REVIEW, DisputeStatus.LOST},
    DisputeStatus.LOST: {DisputeStatus.REVIEW, DisputeStatus.WON},
    DisputeStatus.CLOSED: set(),
}
