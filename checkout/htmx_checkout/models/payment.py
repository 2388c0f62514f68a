"""One attempt to have an order paid."""

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
    # What Stripe was last told, and agreed to.
    amount = models.BigIntegerField(help_text=_("In minor units of the currency."))
    currency = models.CharField(max_length=3)
    email = models.EmailField(blank=True)
    amount_received = models.BigIntegerField(default=0)
    # What went back, or is on its way back: the sum of the refunds that Stripe has.
    amount_refunded = models.BigIntegerField(default=0)
    # What the bank holds for us, and until when.
    amount_capturable = models.BigIntegerField(default=0)
    capture_before = models.DateTimeField(null=True)
    # Why the last try failed, as Stripe's decline or error code.
    last_error = models.CharField(max_length=64, blank=True)
    # The charge that was tried last; "" for a try that did not get that far.
    charge = models.CharField(max_length=255, blank=True)
    # Counts what Stripe was asked to make of the intent. Part of the key: an
    # amount that goes up and down again must not replay the first answer.
    revision = models.PositiveIntegerField(default=1)
    idempotency_key = models.CharField(max_length=255, unique=True)
    key_stored_at = models.DateTimeField(default=timezone.now)
    # When the key was last sent. Between the two Stripe may have made an intent.
    key_sent_at = models.DateTimeField(default=timezone.now)
    # True once Stripe has saved an error under the key, which it repeats for a day.
    key_spent = models.BooleanField(default=False)
    stripe_id = models.CharField(max_length=255, null=True, unique=True)
    # When Stripe was asked for what is stored here.
    asked_at = models.DateTimeField(null=True)
    # When a page that is only looked at last asked, or tried to.
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
        """True while this could still bring money, and when it has brought it."""
        return self.status not in DEAD

    @property
    def key_is_fresh(self) -> bool:
        """True while Stripe still answers the stored key with the same intent."""
        return not self.key_spent and is_fresh(self.key_stored_at)

    @property
    def received(self) -> Money:
        """What has come; see ``amount_refunded`` for what went back of it."""
        return Money(self.amount_received, self.currency)

    @property
    def left(self) -> int:
        """What could still be paid back by Stripe's own count, in minor units."""
        return self.amount_received - self.amount_refunded

    def is_newer_than(self, asked_at: datetime) -> bool:
        """True if what is stored was asked for after ``asked_at``."""
        return is_newer(self.asked_at, asked_at)

    def claim_look(self, recently: datetime) -> bool:
        """True for the one caller who may ask Stripe now (see ``sync.look``)."""
        now = timezone.now()
        free = Q(looked_at=None) | Q(looked_at__lt=recently) | Q(looked_at__gt=now)
        mine = Payment.objects.filter(free, pk=self.pk)
        return bool(mine.update(looked_at=now))

    def tells(self, total: Money, email: str) -> bool:
        """True if Stripe already knows this total and this e-mail."""
        return (self.amount, self.currency, self.email) == (
            total.amount,
            total.currency,
            email,
        )

    def move(self, status: PaymentStatus) -> bool:
        """Go to ``status`` if the table of moves allows it; say if it did."""
        if status not in PAYMENT_MOVES[self.status]:
            return False
        self.status = status
        return True


def live_payment(order: Order) -> Any:
    """The one payment of ``order`` that could still bring money, or brought it."""
    return order.payments.exclude(status__in=DEAD).first()
