"""What the host is told."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .order import Order
from .retried import Retried


class OutboxMessage(Retried):
    """Something the host is told, stored in the transaction that makes it true.

    Each receiver hears it once.
    """

    # With the waits of `outbox.deliver`, about eleven hours.
    MAX_TRIES = 8

    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="outbox")
    # Of one of the signals.
    name = models.CharField(max_length=32)
    # What makes it unique for its name: an order's reference, a refund's id, …
    subject = models.CharField(max_length=255)
    # The row that it is about, in the table that its name says.
    object_id = models.BigIntegerField()
    staged_at = models.DateTimeField(default=timezone.now)
    # When it is to be tried next.
    due_at = models.DateTimeField(default=timezone.now)
    # When its delivery was begun, if it may be tried once at most.
    started_at = models.DateTimeField(null=True)
    # The receivers that have heard it, by name: none hears it again.
    heard = models.JSONField(default=list)

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "subject"], name="htmx_checkout_message_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True),
                name="htmx_checkout_message_undone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.subject}"

    @property
    def key(self) -> str:
        return f"{self.name}:{self.subject}"
