"""Payments: attempts to have an order paid."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..money import Money
from .constraints import is_fresh, is_newer, one_of, positive
from .order import Order
from .statuses import DEAD, PAYMENT_MOVES, PaymentStatus


class Payment(models.Model):
    """One attempt to have an order paid: at most one PaymentIntent.

    All amounts are in minor units of ``currency``.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    attempt = models.PositiveIntegerField()
    status = models.CharField(
        max_length=16, choices=PaymentStatus.choices, default=PaymentStatus.CREATING
    )
    # The total and e-mail that Stripe last accepted.
    amount = models.BigIntegerField(help_text=_("In minor units of the currency."))
    currency = models.CharField(max_length=3)
    email = models.EmailField(blank=True)
    amount_received = models.BigIntegerField(default=0)
    # The sum of the refunds that Stripe has made or has under way.
    amount_refunded = models.BigIntegerField(default=0)
    # What the bank holds for us, and until when.
    amount_capturable = models.BigIntegerField(default=0)
    capture_before = models.DateTimeField(null=True)
    # Stripe's decline or error code of the last try that failed.
    last_error = models.CharField(max_length=64, blank=True)
    # The id of the latest charge; "" if the last try did not get that far.
    charge = models.CharField(max_length=255, blank=True)
    # Counts the creation and the updates of the intent. It is a part of the key: a
    # total that goes up and down again must not get the first answer once more.
    revision = models.PositiveIntegerField(default=1)
    idempotency_key = models.CharField(max_length=255, unique=True)
    key_stored_at = models.DateTimeField(default=timezone.now)
    # When the key was last sent. Stripe may have made an intent between the two.
    key_sent_at = models.DateTimeField(default=timezone.now)
    # True once Stripe has saved an error under the key, which it repeats for a day.
    key_spent = models.BooleanField(default=False)
    stripe_id = models.CharField(max_length=255, null=True, unique=True)
    # When Stripe was asked for what is stored here.
    asked_at = models.DateTimeField(null=True)
    # When `sync.look` last asked Stripe, or tried to.
    looked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            one_of("htmx_checkout_payment_status", PaymentStatus),
            models.UniqueConstraint(
                fields=["order", "attempt"], name="htmx_checkout_payment_attempt"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(status__in=DEAD),
                name="htmx_checkout_one_live_payment",
            ),
            positive("htmx_checkout_payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(amount_received__gte=0),
                name="htmx_checkout_payment_received",
            ),
            models.CheckConstraint(
                condition=Q(amount_refunded__gte=0)
                & Q(amount_refunded__lte=F("amount_received")),
                name="htmx_checkout_refunds_within_what_came",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=~Q(status__in=[PaymentStatus.SUCCEEDED, *DEAD]),
                name="htmx_checkout_payment_undone",
            ),
            models.Index(fields=["created_at"], name="htmx_checkout_payment_created"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.attempt}"

    @property
    def is_live(self) -> bool:
        """True if money can still come by it, or has come."""
        return self.status not in DEAD

    @property
    def key_is_fresh(self) -> bool:
        """True while Stripe still answers the stored key with the same intent."""
        return not self.key_spent and is_fresh(self.key_stored_at)

    @property
    def total(self) -> Money:
        """The total that Stripe last accepted."""
        return Money(self.amount, self.currency)

    @property
    def received(self) -> Money:
        """What has come, including what has gone back since."""
        return Money(self.amount_received, self.currency)

    @property
    def left(self) -> int:
        """What Stripe could still pay back, in minor units."""
        return self.amount_received - self.amount_refunded

    def is_newer_than(self, asked_at: datetime) -> bool:
        """True if what is stored was asked for after ``asked_at``."""
        return is_newer(self.asked_at, asked_at)

    def claim_look(self, recently: datetime) -> bool:
        """True for one caller, unless Stripe was asked since ``recently``."""
        now = timezone.now()
        free = Q(looked_at=None) | Q(looked_at__lt=recently) | Q(looked_at__gt=now)
        mine = Payment.objects.filter(free, pk=self.pk)
        return bool(mine.update(looked_at=now))

    def tells(self, total: Money, email: str) -> bool:
        """True if Stripe has this total and this e-mail already."""
        return (self.total, self.email) == (total, email)

    def move(self, status: PaymentStatus) -> bool:
        """Go to ``status`` if ``PAYMENT_MOVES`` allows it; returns whether it did."""
        if status not in PAYMENT_MOVES[self.status]:
            return False
        self.status = status
        return True


def live_payment(order: Order) -> Any:
    """The payment of ``order`` by which money can still come, or has come; or None."""
    return order.payments.exclude(status__in=DEAD).first()
