"""The two receivers that a host writes: for the goods, and for the bag."""

import logging

from django.dispatch import receiver

from htmx_checkout.signals import bag_taken, order_paid

from .bag import Bag
from .models import Parcel

logger = logging.getLogger(__name__)


@receiver(order_paid)
def pack(*, order, **kwargs):
    """Make the parcel of a paid order. Safe to repeat: one parcel per order."""
    parcel, made = Parcel.objects.get_or_create(
        reference=order.reference,
        defaults={"email": order.email, "contents": order.lines},
    )
    if made:
        logger.info("Order %s is paid: pack %s.", parcel, parcel.slip)


@receiver(bag_taken)
def empty_bag(*, request, **kwargs):
    """Empty the bag once its shopper has seen that the order is paid."""
    Bag(request.session).empty()
