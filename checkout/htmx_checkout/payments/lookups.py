"""Whether Stripe has made an intent of whose creation no answer came.

A key that Stripe may have forgotten, or under which it has saved an error, is
never sent again blindly: it could make a second intent, or none for ever.
"""

from datetime import timedelta

from .. import gateway
from ..gateway.objects import Intent
from ..models import Payment

# Two clocks differ, and a request may lie in a queue.
MARGIN = timedelta(minutes=10)


def find(payment: Payment) -> Intent | None:
    """The intent of one attempt, if Stripe has it. Raises ``GatewayError``.

    None is proof of absence: the list is never behind, and covers the time in
    which the key was sent.
    """
    return gateway.find(
        payment.order.reference,
        payment.attempt,
        since=payment.key_stored_at - MARGIN,
        until=payment.key_sent_at + MARGIN,
    )


def stripe_id(payment: Payment) -> str | None:
    """As ``find``, for who needs only the name."""
    intent = find(payment)
    return intent.stripe_id if intent else None
