"""What follows from a fact: staged in the fact's transaction, sent after it."""

import logging
from functools import partial

from django.db import transaction
from django.utils import timezone

from . import signals, transactions
from .models import Effect, Order

logger = logging.getLogger(__name__)

ORDER_PAID = "order_paid"
SIGNALS = {ORDER_PAID: signals.order_paid}


def stage(order: Order, name: str) -> None:
    """Write down that the host must hear ``name``, and send it after commit.

    Call inside the transaction that makes it true: both are kept or neither.
    Safe to repeat: the row is unique for each order and name.
    """
    effect, is_new = Effect.objects.get_or_create(order=order, name=name)
    if is_new:
        transaction.on_commit(lambda: deliver(effect.pk))


def deliver(pk: int) -> None:
    """Send one staged effect, unless it is sent already.

    Safe to repeat and to run twice at once: the row is locked meanwhile. What
    receivers write to this database is kept together with the mark, or not at
    all. A receiver that raises leaves the effect undone with its error noted.
    """
    transactions.run(partial(_deliver, pk))


def _deliver(pk: int) -> None:
    effect = Effect.objects.select_for_update().get(pk=pk)
    if effect.done_at is not None:
        return
    try:
        with transaction.atomic():
            SIGNALS[effect.name].send(sender=Order, order=effect.order)
    except Exception as error:
        logger.exception("%s failed for %s", effect.name, effect.order)
        effect.error = type(error).__name__
    else:
        effect.done_at, effect.error = timezone.now(), ""
    effect.save(update_fields=["done_at", "error"])
