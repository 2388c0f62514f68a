"""Orders: what a shopper agreed to buy."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..money import Money
from .constraints import one_of, positive
from .statuses import ORDER_MOVES, OrderStatus

# Crockford's base 32 (https://www.crockford.com/base32.html): without I, L, O and U,
# which are mistaken for other characters.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_token() -> str:
    """192 random bits for a URL. At least 128 are asked for (OWASP ASVS 5.0, 11.5.1),
    and a UUID4 has 122.
    """
    return secrets.token_urlsafe(24)


def new_reference() -> str:
    """Fifty random bits as text that can be read out on the telephone."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


class Order(models.Model):
    """What a shopper agreed to buy: a frozen copy of the bag.

    ``amount`` is in minor units of ``currency``.
    """

    token = models.CharField(max_length=64, unique=True, default=new_token)
    reference = models.CharField(max_length=64, unique=True, default=new_reference)
    # A digest of the shopper's session; see ``orders.shopper``.
    shopper = models.CharField(max_length=64, db_index=True)
    # The shopper again while this is the order that the checkout works on, null
    # afterwards. Unique, so that a hundred clicks make one order.
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
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [
            ("refund_order", _("Can pay an order's money back")),
            ("capture_order", _("Can capture or release held money")),
            ("operate_order", _("Can ask Stripe again, cancel, and close incidents")),
        ]
        constraints = [
            one_of("htmx_checkout_order_status", OrderStatus),
            positive("htmx_checkout_order_amount_positive"),
            models.CheckConstraint(
                condition=Q(status=OrderStatus.PAID, paid_at__isnull=False)
                | (~Q(status=OrderStatus.PAID) & Q(paid_at__isnull=True)),
                name="htmx_checkout_order_paid_at",
            ),
        ]
        indexes = [
            # For the reconciler, which needs only the few that are not finished.
            models.Index(
                fields=["created_at"],
                condition=Q(status__in=[OrderStatus.OPEN, OrderStatus.PROCESSING]),
                name="htmx_checkout_order_undone",
            ),
            # For the ledger, which reads all orders of the last days.
            models.Index(fields=["created_at"], name="htmx_checkout_order_created"),
        ]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def locked(cls) -> "models.QuerySet[Order]":
        """Orders, locked with ``SELECT … FOR NO KEY UPDATE``.

        Every transaction that locks anything locks its order first, so that no two
        wait for each other. Rows that refer to the order can still be added.
        """
        return cls.objects.select_for_update(no_key=True)

    @classmethod
    def lock(cls, pk: int) -> "Order":
        """The order, locked and read anew. Raises ``DoesNotExist``."""
        return cls.locked().get(pk=pk)

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

    @property
    def is_cancelled(self) -> bool:
        return self.status == OrderStatus.CANCELLED

    def move(self, status: OrderStatus) -> bool:
        """Go to ``status`` if ``ORDER_MOVES`` allows it; returns whether it did.

        Saves nothing: the caller holds the row's lock and saves once.
        """
        if status not in ORDER_MOVES[self.status]:
            return False
        self.status = status
        self.paid_at = timezone.now() if status == OrderStatus.PAID else None
        return True
