"""Calls to Stripe. Nothing else imports ``stripe``.

client            one call: its errors and its time limit
signature         whether Stripe has sent a webhook
retry             a concurrency limit, a time budget and one repeat
circuit_breaker   stops calling for a while after repeated failures
objects           snapshots of Stripe's objects, with statuses of ours
intents, refunds, disputes, events   the calls

An answer comes out as a snapshot of ours, an error as a ``GatewayError``, sorted
by what a caller has to know: is the outcome known, and can the call be repeated?
"""

from .client import API_VERSION
from .disputes import dispute, disputes_since
from .events import event, events
from .intents import cancel, capture, create, find, retrieve, since, update
from .refunds import refund, refunds, refunds_since
from .signature import verify

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
