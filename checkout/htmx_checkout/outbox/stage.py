"""What follows from a fact: staged in the fact's transaction, delivered after it."""

from datetime import timedelta

from ..models import Order, OutboxMessage
from . import queue

ORDER_PAID = "order_paid"
ORDER_AUTHORISED = "order_authorised"
ORDER_REFUNDED = "order_refunded"
PAYMENT_FAILED = "payment_failed"
DISPUTE_OPENED = "dispute_opened"
INCIDENT_OPENED = "incident_opened"
NAMES = (
    ORDER_PAID,
    ORDER_AUTHORISED,
    ORDER_REFUNDED,
    PAYMENT_FAILED,
    DISPUTE_OPENED,
    INCIDENT_OPENED,
)


def add(name: str, subject: str, object_id: int, order: Order | None = None) -> None:
    """Write down that the host must hear ``name`` about ``subject``, once.

    Call inside the transaction that makes it true: both are kept or neither.
    Safe to repeat: the row is unique for each name and subject.
    """
    effect, is_new = OutboxMessage.objects.get_or_create(
        name=name, subject=subject, defaults={"object_id": object_id, "order": order}
    )
    if is_new:
        deliver_later(effect)


def add_first(name: str, subject: str, object_id: int, order: Order) -> None:
    """As ``stage``, for what the caller knows to be true for the first time.

    Saves a look: whoever has just moved a row under its lock, by a move that is
    legal once, is the first. Were it not so the database would refuse.
    """
    facts = {"object_id": object_id, "order": order}
    deliver_later(OutboxMessage.objects.create(name=name, subject=subject, **facts))


def deliver_later(effect: OutboxMessage, after: timedelta | None = None) -> None:
    """Have a worker deliver ``effect``; a task too many finds nothing to do."""
    queue.enqueue(queue.DELIVER_MESSAGE, effect.pk, after=after)
