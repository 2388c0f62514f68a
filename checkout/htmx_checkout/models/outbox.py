"""What the host is told."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .order import Order


class OutboxMessage(models.Model):
    """Something the host is told: staged with the fact, heard once by each receiver."""

    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="outbox")
    name = models.CharField(max_length=32)
    # What makes it one of its kind: an order's reference, a refund's id, …
    subject = models.CharField(max_length=255)
    # The row that it is about, in the table that its name says.
    object_id = models.BigIntegerField()
    staged_at = models.DateTimeField(default=timezone.now)
    # When it is to be tried next.
    due_at = models.DateTimeField(default=timezone.now)
    # When it was begun, for effects that may be tried once at most.
    started_at = models.DateTimeField(null=True)
    # The receivers that have heard it, by name: none hears it again.
    heard = models.JSONField(default=list)
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=255, blank=True)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("effect")
        verbose_name_plural = _("effects")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "subject"], name="htmx_checkout_message_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True),
                name="htmx_checkout_message_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.subject}"
