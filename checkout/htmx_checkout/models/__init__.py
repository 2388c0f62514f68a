"""Rows: what was ordered, how it is paid, what Stripe said, what followed.

The database says no first: every rule that two requests could break together
is a constraint here, and Python only makes the refusal polite.
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
