"""Which statuses a payment intent may go through, as tables.

Source: https://docs.stripe.com/payments/paymentintents/lifecycle.
"""

from ..protocol import errors
from ..world.store import Object

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
LATER = ("requires_capture", "processing", "succeeded", "canceled")
ANYWHERE = frozenset(OPEN + LATER)

# Every legal move; anything else is a mistake in the stand-in.
MOVES: dict[str, frozenset[str]] = {
    "requires_payment_method": ANYWHERE,
    "requires_confirmation": ANYWHERE,
    "requires_action": ANYWHERE,
    "processing": frozenset(("requires_payment_method", "succeeded", "canceled")),
    "requires_capture": frozenset(("succeeded", "canceled")),
    "succeeded": frozenset(),
    "canceled": frozenset(),
}

# What a call may be made on.
ALLOWED = {
    "update": OPEN,
    "confirm": OPEN,
    "capture": ("requires_capture",),
    "increment": ("requires_capture",),
    "cancel": (
        "requires_payment_method",
        "requires_capture",
        "requires_confirmation",
        "requires_action",
        "processing",
    ),
}
# Debits that can still be called back while they are processing.
RECALLABLE = frozenset(("us_bank_account",))


def to(intent: Object, status: str) -> None:
    """Move ``intent``. Raises ``ValueError`` for a move outside the table."""
    if status not in MOVES[intent["status"]]:
        raise ValueError(f"{intent['id']}: {intent['status']} to {status}")
    intent["status"] = status


def require(intent: Object, action: str) -> None:
    """Refuse ``action`` in the wrong status, with the intent attached."""
    allowed = ALLOWED[action]
    if intent["status"] not in allowed or unstoppable(intent, action):
        raise errors.unexpected_state(sentence(intent, action), intent)


def unstoppable(intent: Object, action: str) -> bool:
    return (
        action == "cancel"
        and intent["status"] == "processing"
        and intent.get("_type") not in RECALLABLE
    )


def sentence(intent: Object, action: str) -> str:
    status = intent["status"]
    allowed = ", ".join(ALLOWED[action])
    if action == "confirm" and status == "succeeded":
        return (
            "You cannot confirm this PaymentIntent because it has already succeeded "
            "after being previously confirmed."
        )
    if action in {"confirm", "cancel"}:
        return (
            f"You cannot {action} this PaymentIntent because it has a status of "
            f"{status}. Only a PaymentIntent with one of the following statuses may "
            f"be {action}ed: {allowed}."
        )
    done = {"update": "updated", "capture": "captured", "increment": "incremented"}
    return (
        f"This PaymentIntent could not be {done[action]} because it has a status of "
        f"{status}. Only a PaymentIntent with one of the following statuses may be "
        f"{done[action]}: {allowed}."
    )
