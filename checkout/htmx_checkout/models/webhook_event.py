"""What Stripe sent."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WebhookEvent(models.Model):
    """An event of Stripe's: the facts of its delivery, never its payload.

    The payload of an intent holds its client secret, which must not be kept
    (https://docs.stripe.com/api/payment_intents/object#client_secret); a hash
    of the body shows later what it was that came.
    """

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=255)
    # The PaymentIntent that it is about, and the object that it holds.
    object_id = models.CharField(max_length=255, blank=True)
    held_id = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField()
    # A connected account's; empty for our own.
    account = models.CharField(max_length=255, blank=True)
    api_version = models.CharField(max_length=64, blank=True)
    # How it came: webhook, or reconcile, which fetched it from Stripe's list.
    source = models.CharField(max_length=16, default="webhook")
    body_hash = models.CharField(max_length=64, blank=True)
    headers = models.JSONField(default=dict)
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True)
    # What came of it, in a word: applied, settled, foreign, livemode, …
    outcome = models.CharField(max_length=32, blank=True)
    # How often it failed, and why it did the last time.
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=255, blank=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(processed_at__isnull=True),
                name="htmx_checkout_event_waiting",
            ),
            models.Index(fields=["object_id"], name="htmx_checkout_event_object"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_id}"
