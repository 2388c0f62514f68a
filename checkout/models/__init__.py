"""Rows: what was ordered, how it is paid, what Stripe said, what followed.

The database says no first: every rule that two requests could break together
is a constraint here, and Python only makes the refusal polite.
"""

from .alarms import HOLDING, MoneyException
from .disputes import Dispute
from .effects import Effect
from .events import Event
from .history import Move
from .orders import Order, new_reference, new_token
from .payments import Payment, live_payment
from .refunds import Refund
from .tallies import Tally

__all__ = [
    "HOLDING",
    "Dispute",
    "Effect",
    "Event",
    "MoneyException",
    "Move",
    "Order",
    "Payment",
    "Refund",
    "Tally",
    "live_payment",
    "new_reference",
    "new_token",
]
