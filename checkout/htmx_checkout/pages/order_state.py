"""What the status page says about an order, and when it looks again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Incident, Order, Payment, live_payment
from ..models.statuses import OrderStatus, PaymentStatus
from ..money import Money
from . import declines

# Seconds until the next look, one after the other: quick at first, since cards
# take seconds; then patient, since banks take days. After the last one the page
# stops asking and offers a link.
DELAYS_SECONDS = (1, 1, 2, 2, 3, 5, 8, 13, 21, 30, 30, 60, 60, 60, 120, 120)
# Nothing can have been charged: no browser has confirmed, or Stripe still waits.
UNTOUCHED = (
    PaymentStatus.CREATING,
    PaymentStatus.ACTION,
    PaymentStatus.CANCELLED,
    PaymentStatus.GIVEN_UP,
)

# About fifteen seconds: longer than Stripe.js itself waits for an answer.
UNSURE_LOOKS = 6


class StateName(TextChoices):
    """The states that a shopper can see. The label is what a script gets as JSON.

    Each has a template of its name in ``templates/htmx_checkout/status/``.
    """

    PAID = "paid", _("This order is paid.")
    REFUNDED = "refunded", _("This order was paid, and the money went back.")
    AUTHORISED = (
        "authorised",
        _("The money for this order is held, to be charged later."),
    )
    PROCESSING = "processing", _("The payment of this order is being confirmed.")
    DECLINED = "declined", _("The payment of this order did not go through.")
    CANCELLED = "cancelled", _("This order was cancelled.")
    UNKNOWN = (
        "unknown",
        _("The payment of this order is being checked. Do not pay again."),
    )
    UNPAID = "unpaid", _("This order is not paid yet.")


# These may still change by themselves, so the page asks again.
CHANGING = (StateName.PROCESSING, StateName.UNKNOWN)


@dataclass(frozen=True, slots=True)
class OrderState:
    """The state that the status page shows. ``look`` counts the looks so far."""

    name: StateName
    look: int
    decline: str | Promise = ""
    unsure: bool = False
    # The sum of refunds that have arrived or are on their way.
    refunded: Money | None = None

    @property
    def template(self) -> str:
        """The partial that says it."""
        return f"htmx_checkout/status/_{self.name}.html"

    @property
    def delay_seconds(self) -> int | None:
        """Seconds until the page looks again; None when it stops."""
        if self.name not in CHANGING or self.look >= len(DELAYS_SECONDS):
            return None
        return DELAYS_SECONDS[self.look]

    @property
    def again_seconds(self) -> int:
        """Seconds until it tries again when a look itself has failed."""
        return 10 + 2 * (self.delay_seconds or 0)

    @property
    def next_look(self) -> int:
        return self.look + 1

    @property
    def has_stopped(self) -> bool:
        """True when it may still change, but the page does not look any more."""
        return self.name in CHANGING and self.delay_seconds is None


def state_of(
    order: Order, *, is_known: bool, look: int = 0, unsure: bool = False
) -> OrderState:
    """The state to show; ``is_known`` is False when Stripe could not be asked.

    Neither success nor failure is ever guessed (invariant I14). What is not known,
    and money that fits no order, is shown as "unknown". So is, for the first few
    looks, an order that seems untouched although its browser lost the connection
    while it paid (``unsure``): the request may still be on its way to Stripe.
    """
    if order.is_paid:
        return _paid(order, look)
    is_over = order.is_cancelled and not _keep_money(order.payments.all())
    if Incident.is_open_for(order) or (order.is_cancelled and not is_over):
        return OrderState(StateName.UNKNOWN, look)
    if is_over:
        return OrderState(StateName.CANCELLED, look, refunded=_refunded(order))
    if is_known and order.status == OrderStatus.PROCESSING:
        return _processing(order, look)
    found = _open(order, look) if is_known else OrderState(StateName.UNKNOWN, look)
    if found.name == StateName.UNPAID and unsure and look < UNSURE_LOOKS:
        return OrderState(StateName.UNKNOWN, look, unsure=True)
    return found


def _paid(order: Order, look: int) -> OrderState:
    # A second payment that was refunded leaves the order paid.
    refunded = _refunded(order, status=PaymentStatus.SUCCEEDED)
    is_whole = refunded is not None and refunded.amount >= order.amount
    name = StateName.REFUNDED if is_whole else StateName.PAID
    return OrderState(name, look, refunded=refunded)


def _processing(order: Order, look: int) -> OrderState:
    payment = live_payment(order)
    is_held = payment and payment.status == PaymentStatus.AUTHORISED
    return OrderState(StateName.AUTHORISED if is_held else StateName.PROCESSING, look)


def _open(order: Order, look: int) -> OrderState:
    attempts = list(order.payments.order_by("-attempt"))
    latest = attempts[0] if attempts else None
    if _keep_money(attempts):
        return OrderState(StateName.UNKNOWN, look)
    if latest is None or latest.status in UNTOUCHED:
        return OrderState(StateName.UNPAID, look)
    if latest.status != PaymentStatus.OPEN:
        return OrderState(StateName.UNKNOWN, look)
    if latest.last_error:
        said = declines.sentence(latest.last_error)
        return OrderState(StateName.DECLINED, look, said)
    return OrderState(StateName.UNPAID, look)


def _refunded(order: Order, **facts: str) -> Money | None:
    """What has gone back of the payments that match, in the order's currency."""
    payments = order.payments.filter(currency=order.currency, **facts)
    amount = payments.aggregate(sum=Sum("amount_refunded"))["sum"]
    return Money(amount, order.currency) if amount else None


def _keep_money(attempts: Iterable[Payment]) -> bool:
    """True if money came that fits no order, and has not gone back in full."""
    return any(attempt.left for attempt in attempts)
