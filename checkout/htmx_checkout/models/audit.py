"""The audit log: what happened to an order, one row for each change."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .order import Order
from .payment import Payment

REFUSAL = "The audit log is not changed or deleted. Add an entry that corrects it."


class AppendOnly(models.QuerySet["AuditEntry"]):
    """Rows that can be added and read; nothing else (invariant I18)."""

    def update(self, **values: Any) -> NoReturn:
        raise TypeError(REFUSAL)

    def delete(self) -> NoReturn:
        raise TypeError(REFUSAL)


class AuditEntry(models.Model):
    """One change: what changed, and who or what caused it.

    ``amount`` is in minor units of ``currency``; null where no money is meant.
    """

    at = models.DateTimeField(default=timezone.now)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="audit_entries"
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, related_name="audit_entries"
    )
    # What has changed: order, payment, refund, dispute, incident, message.
    what = models.CharField(max_length=16)
    # Its id at Stripe or its key, where order and payment do not say which it is.
    subject = models.CharField(max_length=255, blank=True)
    before = models.CharField(max_length=32, blank=True)
    after = models.CharField(max_length=32)
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    # What made the change; `audit.words.CAUSES` has them all.
    cause = models.CharField(max_length=16)
    # An event's id, a person's name.
    caused_by = models.CharField(max_length=255, blank=True)
    # Stripe's id of the request whose answer caused it.
    request_id = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=255, blank=True)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.what} {self.before} → {self.after}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(REFUSAL)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(REFUSAL)
