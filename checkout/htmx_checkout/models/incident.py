"""Incidents: what a person has to look at."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .order import Order
from .payment import Payment


class Incident(models.Model):
    """Money that fits no order, or another problem: open until it is resolved.

    ``amount`` is in minor units of ``currency``; null where no money is concerned.
    """

    class Kind(models.TextChoices):
        MISMATCH = "mismatch", _("amount, currency or mode differs")
        LATE = "late", _("money for a cancelled order")
        GIVEN_UP = "given_up", _("money by an intent that was given up")
        SECOND = "second", _("a second payment of a paid order")
        STRAY = "stray", _("money that names us, but no payment here")
        UNPAID_THERE = "unpaid_there", _("paid here, and not at Stripe")
        REFUND_FAILED = "refund_failed", _("a refund came back")
        OUTFLOW = "outflow", _("paid back, and disputed as well")
        HOLD_EXPIRING = "hold_expiring", _("held money will be released soon")
        PARKED_EVENT = "parked_event", _("a webhook event that cannot be applied")
        PARKED_MESSAGE = (
            "parked_message",
            _("an outbox message that cannot be delivered"),
        )
        WRONG_SIDE = "wrong_side", _("events of another mode or account")
        LEDGER = "ledger", _("the ledger does not add up")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    # What it is about: an id of Stripe's where there is one.
    subject = models.CharField(max_length=255)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="incidents"
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="incidents"
    )
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    livemode = models.BooleanField(default=False)
    detail = models.CharField(max_length=255)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    # A person's name; empty when it was closed by the app.
    closed_by = models.CharField(max_length=150, blank=True)
    resolution = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], name="htmx_checkout_incident_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(resolution=""),
                name="htmx_checkout_incident_closed_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=Q(closed_at__isnull=True),
                name="htmx_checkout_incident_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"

    @classmethod
    def is_open_for(cls, order: Order) -> bool:
        """True while money that names ``order`` waits for a person to decide."""
        return cls.holding(order=order).exists()

    @classmethod
    def holding(cls, **fields: Any) -> "models.QuerySet[Incident]":
        """Open incidents about money that is in no order; ``fields`` narrows them."""
        return cls.objects.filter(kind__in=HOLDING, closed_at__isnull=True, **fields)


# The kinds about money that belongs to no order; the others are other problems.
HOLDING = (
    Incident.Kind.MISMATCH,
    Incident.Kind.LATE,
    Incident.Kind.GIVEN_UP,
    Incident.Kind.SECOND,
    Incident.Kind.STRAY,
)
