"""What follows from a fact: staged in the fact's transaction, sent after it."""

import logging
from functools import partial

from django.db import DatabaseError, transaction
from django.utils import timezone

from . import signals
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
        # Robust: what fails here must not look like a failure of the
        # transaction before, which is committed.
        transaction.on_commit(partial(deliver, effect.pk), robust=True)


def deliver(pk: int) -> None:
    """Send one staged effect, unless it is sent already.

    Safe to run twice at once: the row is locked meanwhile. What receivers write
    to this database is kept together with the mark. A receiver that raises
    stops no other one; the effect stays undone, with the error noted. (A database
    error takes the others' writes with it, unless the receiver that made it works
    inside an ``atomic`` of its own.) Not tried again on a deadlock: an e-mail
    that a receiver sent cannot be rolled back.
    """
    with transaction.atomic():
        effect = Effect.objects.select_for_update().get(pk=pk)
        if effect.done_at is not None:
            return
        effect.error = _send(effect)
        effect.done_at = None if effect.error else timezone.now()
        effect.save(update_fields=["done_at", "error"])


def _send(effect: Effect) -> str:
    """Send the signal; return what its receivers raised, by name."""
    try:
        with transaction.atomic():
            sent = SIGNALS[effect.name].send_robust(sender=Order, order=effect.order)
            raised = [error for _, error in sent if isinstance(error, Exception)]
    except DatabaseError as broken:
        # A receiver's own database error has broken the transaction.
        raised = [broken]
    for error in raised:
        logger.error("%s failed for %s", effect.name, effect.order, exc_info=error)
    return ", ".join(type(error).__name__ for error in raised)[:255]
