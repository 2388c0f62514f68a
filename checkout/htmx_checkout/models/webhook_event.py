"""Webhook events: what Stripe sent."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .retried import Retried


class WebhookEvent(Retried):
    """An event of Stripe's: the fields that are used, never its payload.

    The payload of an intent holds its client secret, which must not be stored
    (https://docs.stripe.com/api/payment_intents/object#client_secret); a hash
    of the body can prove later what was sent.
    """

    # After so many failures that are not an outage the mistake is in this app: Stripe
    # is answered 200, so that it stops, and a person has to look.
    MAX_TRIES = 5

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=255)
    # The PaymentIntent that it is about, and the object that it holds.
    intent_id = models.CharField(max_length=255, blank=True)
    object_id = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField()
    # A connected account's; empty for our own.
    account = models.CharField(max_length=255, blank=True)
    api_version = models.CharField(max_length=64, blank=True)
    # How it came: webhook, or reconcile, which fetched it from Stripe's list.
    source = models.CharField(max_length=16, default="webhook")
    body_hash = models.CharField(max_length=64, blank=True)
    headers = models.JSONField(default=dict)
    received_at = models.DateTimeField(default=timezone.now)
    # The outcome in a word; `audit.words.OUTCOMES` has them all.
    outcome = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(done_at__isnull=True),
                name="htmx_checkout_event_waiting",
            ),
            models.Index(fields=["intent_id"], name="htmx_checkout_event_intent"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_id}"

    @property
    def key(self) -> str:
        return self.stripe_id


class RefusedDeliveries(models.Model):
    """How many webhook deliveries had no valid signature: one row for all of them."""

    count = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("refused deliveries")
        verbose_name_plural = _("refused deliveries")

    def __str__(self) -> str:
        return str(self.count)
