"""The tables: orders, payments, refunds, disputes, events, messages, incidents.

The database refuses first: every rule that two requests could break together is a
constraint here. Python checks too, only to give a better message.
"""

from .audit import AuditEntry
from .dispute import Dispute
from .incident import HOLDING, Incident
from .order import Order, new_reference, new_token
from .outbox import OutboxMessage
from .payment import Payment, live_payment
from .refund import Refund
from .retried import Retried
from .webhook_event import RefusedDeliveries, WebhookEvent

__all__ = [
    "HOLDING",
    "AuditEntry",
    "Dispute",
    "Incident",
    "Order",
    "OutboxMessage",
    "Payment",
    "Refund",
    "RefusedDeliveries",
    "Retried",
    "WebhookEvent",
    "live_payment",
    "new_reference",
    "new_token",
]
