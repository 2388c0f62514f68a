"""Disputes: a shopper's bank takes a payment back, or asks about it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..money import Money
from .constraints import one_of, positive
from .payment import Payment
from .statuses import DISPUTE_MOVES, DisputeStatus


class Dispute(models.Model):
    """One dispute of a payment, as Stripe holds it (``/disputes``)."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    stripe_id = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=16, choices=DisputeStatus.choices)
    amount = models.BigIntegerField(help_text=_("In minor units of the currency."))
    currency = models.CharField(max_length=3)
    # Stripe's own word: fraudulent, product_not_received, …
    reason = models.CharField(max_length=64, blank=True)
    # Stripe takes evidence until then.
    due_by = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    # When Stripe was asked for what is stored here.
    asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            one_of("htmx_checkout_dispute_status", DisputeStatus),
            positive("htmx_checkout_dispute_amount_positive"),
        ]

    def __str__(self) -> str:
        return self.stripe_id

    @property
    def total(self) -> Money:
        return Money(self.amount, self.currency)

    def move(self, status: DisputeStatus) -> bool:
        """Go to ``status`` if ``DISPUTE_MOVES`` allows it; returns whether it did."""
        if status not in DISPUTE_MOVES[self.status]:
            return False
        self.status = status
        over = (DisputeStatus.WON, DisputeStatus.LOST, DisputeStatus.CLOSED)
        self.closed_at = timezone.now() if status in over else None
        return True
