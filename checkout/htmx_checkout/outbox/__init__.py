"""The transactional outbox: what the host must hear, stored with the fact itself.

stage    writes a message in the transaction that makes its fact true
queue    hands the message's delivery to Django's tasks framework
deliver  calls the host's receivers, each once, and tries again
"""

from .stage import (
    DISPUTE_OPENED,
    INCIDENT_OPENED,
    NAMES,
    ORDER_AUTHORISED,
    ORDER_PAID,
    ORDER_REFUNDED,
    PAYMENT_FAILED,
    add,
    add_first,
    deliver_later,
)

__all__ = [
    "DISPUTE_OPENED",
    "INCIDENT_OPENED",
    "NAMES",
    "ORDER_AUTHORISED",
    "ORDER_PAID",
    "ORDER_REFUNDED",
    "PAYMENT_FAILED",
    "add",
    "add_first",
    "deliver_later",
]
