"""Stores messages for the host, in the transaction that makes them true."""

from datetime import timedelta
from enum import StrEnum

from ..core import task_queue
from ..models import Order, OutboxMessage


class Name(StrEnum):
    """The signal that a message stands for, by its name in ``signals``."""

    ORDER_PAID = "order_paid"
    ORDER_AUTHORISED = "order_authorised"
    ORDER_REFUNDED = "order_refunded"
    PAYMENT_FAILED = "payment_failed"
    DISPUTE_OPENED = "dispute_opened"
    INCIDENT_OPENED = "incident_opened"


def add(name: Name, subject: str, object_id: int, order: Order | None = None) -> None:
    """Store a message: the signal ``name`` is sent about ``subject``, once.

    Call inside the transaction that makes it true: both are stored or neither.
    Safe to repeat: the row is unique for each name and subject.
    """
    message, is_new = OutboxMessage.objects.get_or_create(
        name=name, subject=subject, defaults={"object_id": object_id, "order": order}
    )
    if is_new:
        deliver_later(message)


def add_first(name: Name, subject: str, object_id: int, order: Order) -> None:
    """Store a message as ``add`` does, for a caller that knows it is not there yet.

    Saves a query. The caller has just moved a row under its lock, by a move that can
    happen once only; the unique constraint catches a mistake here.
    """
    fields = {"object_id": object_id, "order": order}
    deliver_later(OutboxMessage.objects.create(name=name, subject=subject, **fields))


def deliver_later(message: OutboxMessage, after: timedelta | None = None) -> None:
    """Enqueue the delivery of ``message``. Safe to repeat."""
    task_queue.enqueue(task_queue.DELIVER_MESSAGE, message.pk, after=after)
