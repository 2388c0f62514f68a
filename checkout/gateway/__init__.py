"""The one door to Stripe. Its words and exceptions stop here.

Nothing else imports ``stripe``. What comes out are our own values, with
Stripe's statuses translated and the unknown named; what fails comes out as one
of the ``GatewayError``s, sorted by the only question a caller has: is the
outcome known, and can the call be repeated?
"""

from .client import API_VERSION, verify
from .intents import cancel, capture, create, find, retrieve, since, update
from .others import dispute, events, refund, refunds

__all__ = [
    "API_VERSION",
    "cancel",
    "capture",
    "create",
    "dispute",
    "events",
    "find",
    "refund",
    "refunds",
    "retrieve",
    "since",
    "update",
    "verify",
]
