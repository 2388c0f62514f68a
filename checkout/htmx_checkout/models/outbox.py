"""Outbox messages: what the host's receivers are called for."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .order import Order
from .retried import Retried


class OutboxMessage(Retried):
    """One signal to the host, stored in the transaction that makes it true.

    Each receiver is called once.
    """

    # About eleven hours, with the pauses in `outbox.deliver`.
    MAX_TRIES = 8

    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="outbox")
    # The name of a signal (`outbox.Name`).
    name = models.CharField(max_length=32)
    # What it is about, unique for each name: an order's reference, a refund's id, …
    subject = models.CharField(max_length=255)
    # The key of the row that it is about, in the table that `deliver.SIGNALS` names.
    object_id = models.BigIntegerField()
    staged_at = models.DateTimeField(default=timezone.now)
    # When it is tried next.
    due_at = models.DateTimeField(default=timezone.now)
    # When its delivery began, for a signal of CHECKOUT["AT_MOST_ONCE"].
    started_at = models.DateTimeField(null=True)
    # The names of the receivers that were called: none is called again.
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
