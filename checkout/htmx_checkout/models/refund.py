"""Refunds: money on its way back to the shopper."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..money import Money
from .constraints import is_fresh, one_of, positive
from .order import new_reference
from .payment import Payment
from .statuses import REFUND_MOVES, RefundStatus


class Refund(models.Model):
    """One refund of a payment: ours, or imported from Stripe's dashboard.

    ``amount`` is in minor units of ``currency``, which is the payment's.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    # Stored in Stripe's metadata, to find this row again when an answer was lost.
    number = models.CharField(max_length=64, unique=True, default=new_reference)
    status = models.CharField(
        max_length=16, choices=RefundStatus.choices, default=RefundStatus.CREATING
    )
    amount = models.BigIntegerField(help_text=_("In minor units of the currency."))
    currency = models.CharField(max_length=3)
    # Stripe's own word: duplicate, fraudulent, requested_by_customer, or none.
    reason = models.CharField(max_length=64, blank=True)
    # Who asked for it: a person's name, "code", "policy", or "stripe" for an import.
    wanted_by = models.CharField(max_length=150)
    # Stripe's code for why it failed.
    failure = models.CharField(max_length=64, blank=True)
    # Null for a refund that was made in Stripe's dashboard.
    idempotency_key = models.CharField(max_length=255, null=True, unique=True)
    key_stored_at = models.DateTimeField(default=timezone.now)
    key_spent = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    stripe_id = models.CharField(max_length=255, null=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            one_of("htmx_checkout_refund_status", RefundStatus),
            positive("htmx_checkout_refund_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(idempotency_key__isnull=False)
                | models.Q(stripe_id__isnull=False),
                name="htmx_checkout_refund_has_a_name",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(status__in=["creating", "pending", "action"]),
                name="htmx_checkout_refund_undone",
            )
        ]

    def __str__(self) -> str:
        return self.stripe_id or self.number

    @property
    def total(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def key_is_fresh(self) -> bool:
        return not self.key_spent and is_fresh(self.key_stored_at)

    def move(self, status: RefundStatus) -> bool:
        """Go to ``status`` if ``REFUND_MOVES`` allows it; returns whether it did."""
        if status not in REFUND_MOVES[self.status]:
            return False
        self.status = status
        return True
