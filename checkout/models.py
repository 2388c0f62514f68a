"""Rows: what was ordered, how it is paid, what Stripe said, what followed.

The database says no first: every rule that two requests could break together
is a constraint here, and Python only makes the refusal polite.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .money import Money
from .statuses import ORDER_MOVES, PAYMENT_MOVES, OrderStatus, PaymentStatus

# Crockford's alphabet: no letter that is read aloud as another.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

# Stripe may forget a key 24 hours after it first saw it
# (https://docs.stripe.com/api/idempotent_requests); an hour is kept in hand.
KEY_LIFE = timedelta(hours=23)


def new_token() -> str:
    """192 random bits for a URL; a UUID4 has too few (OWASP ASVS 5.0, 11.5.1)."""
    return secrets.token_urlsafe(24)


def new_reference() -> str:
    """Fifty random bits that can be read out on the telephone."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def one_of(name: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """A check that ``status`` holds one of ``choices``."""
    return models.CheckConstraint(condition=Q(status__in=choices.values), name=name)


class Order(models.Model):
    """What a shopper agreed to buy: a frozen copy, not a view of the bag."""

    token = models.CharField(max_length=64, unique=True, default=new_token)
    reference = models.CharField(max_length=64, unique=True, default=new_reference)
    # A digest of the shopper's session; see ``shoppers``.
    shopper = models.CharField(max_length=64, db_index=True)
    # The shopper again while this is the order that the till works on, and
    # null afterwards: unique, so that a hundred clicks make one order.
    current_for = models.CharField(max_length=64, null=True, unique=True)
    status = models.CharField(
        max_length=16, choices=OrderStatus.choices, default=OrderStatus.OPEN
    )
    amount = models.BigIntegerField(help_text=_("In minor units of the currency."))
    currency = models.CharField(max_length=3)
    lines = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    livemode = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    paid_at = models.DateTimeField(null=True)
    # When the shopper was first shown that it is paid or being paid: from then
    # on the bag is a new one.
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("checkout_order_status", OrderStatus),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="checkout_order_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(status=OrderStatus.PAID, paid_at__isnull=False)
                | (~Q(status=OrderStatus.PAID) & Q(paid_at__isnull=True)),
                name="checkout_order_paid_at",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_on_its_way(self) -> bool:
        """True when money is coming, or has come."""
        return self.status in (OrderStatus.PROCESSING, OrderStatus.PAID)

    @property
    def total(self) -> Money:
        """What the whole order costs."""
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.status == OrderStatus.OPEN

    @property
    def is_paid(self) -> bool:
        return self.status == OrderStatus.PAID

    def move(self, status: OrderStatus) -> bool:
        """Go to ``status`` if the table of moves allows it; say if it did.

        Saves nothing: the caller holds the row's lock and saves once.
        """
        if status not in ORDER_MOVES[self.status]:
            return False
        self.status = status
        self.paid_at = timezone.now() if status == OrderStatus.PAID else None
        return True


class Payment(models.Model):
    """One attempt to have an order paid: at most one PaymentIntent."""

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
    # Why the last try failed, as Stripe's decline or error code.
    last_error = models.CharField(max_length=64, blank=True)
    # Counts what Stripe was asked to make of the intent. Part of the key: an
    # amount that goes up and down again must not replay the first answer.
    revision = models.PositiveIntegerField(default=1)
    idempotency_key = models.CharField(max_length=255, unique=True)
    key_stored_at = models.DateTimeField(default=timezone.now)
    stripe_id = models.CharField(max_length=255, null=True, unique=True)
    # When Stripe was asked for what is stored here.
    asked_at = models.DateTimeField(null=True)
    # When a page that is only looked at last asked, or tried to.
    looked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            one_of("checkout_payment_status", PaymentStatus),
            models.UniqueConstraint(
                fields=["order", "attempt"], name="checkout_payment_attempt"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(status=PaymentStatus.CANCELLED),
                name="checkout_one_live_payment",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="checkout_payment_amount_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.attempt}"

    @property
    def is_live(self) -> bool:
        """True while this could still bring money, and when it has brought it."""
        return self.status != PaymentStatus.CANCELLED

    @property
    def key_is_fresh(self) -> bool:
        """True while Stripe still answers the stored key with the same intent."""
        return timezone.now() - self.key_stored_at < KEY_LIFE

    def is_newer_than(self, asked_at: datetime) -> bool:
        """True if what is stored was asked for after ``asked_at``.

        Times to come are of a clock that was set back, and count for nothing.
        """
        if self.asked_at is None:
            return False
        return asked_at < self.asked_at <= timezone.now()

    def claim_look(self, recently: datetime) -> bool:
        """True for the one caller who may ask Stripe now; see ``settlement.look``."""
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


class Event(models.Model):
    """A webhook delivery that Stripe signed: the facts, never the payload.

    The payload of an intent holds its client secret, which must not be kept
    (https://docs.stripe.com/api/payment_intents/object#client_secret).
    """

    stripe_id = models.CharField(max_length=255, unique=True)
    type = models.CharField(max_length=255)
    object_id = models.CharField(max_length=255, blank=True)
    livemode = models.BooleanField()
    api_version = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True)
    # What came of it, in a word: applied, foreign, livemode, …
    outcome = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_id}"


class Effect(models.Model):
    """Something the host is told about an order: staged with the fact, sent once."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="effects")
    name = models.CharField(max_length=32)
    staged_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "name"], name="checkout_effect_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.order_id}"


class MoneyException(models.Model):
    """Money that fits no order: open until a person closes it."""

    class Kind(models.TextChoices):
        MISMATCH = "mismatch", _("amount, currency or mode differs")
        LATE = "late", _("money for a cancelled order")
        GIVEN_UP = "given_up", _("money by an intent that was given up")

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="exceptions")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    detail = models.CharField(max_length=255)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "kind"], name="checkout_exception_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}"

    @classmethod
    def is_open_for(cls, order: Order) -> bool:
        return cls.objects.filter(payment__order=order, closed_at__isnull=True).exists()


def live_payment(order: Order) -> Any:
    """The one payment of ``order`` that could still bring money, or brought it."""
    return order.payments.exclude(status=PaymentStatus.CANCELLED).first()
