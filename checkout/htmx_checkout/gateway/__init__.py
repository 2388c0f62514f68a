"""The one door to Stripe. Its words and exceptions stop here.

Nothing else imports ``stripe``. What comes out are our own values, with
Stripe's statuses translated and the unknown named; what fails comes out as one
of the ``GatewayError``s, sorted by the only question a caller has: is the
outcome known, and can the call be repeated?
"""

from .client import API_VERSION, verify
from .intents import cancel, capture, create, find, retrieve, since, update
from .others import (
    dispute,
    disputes_since,
    event,
    events,
    refund,
    refunds,
    refunds_since,
)

__all__ = [
    "API_VERSION",
    "cancel",
    "capture",
    "create",
    "dispute",
    "disputes_since",
    "event",
    "events",
    "find",
    "refund",
    "refunds",
    "refunds_since",
    "retrieve",
    "since",
    "update",
    "verify",
]
