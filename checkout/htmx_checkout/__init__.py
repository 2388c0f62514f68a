"""A server-rendered Stripe checkout for Django and htmx.

What a host imports is here: ``Draft``, ``Line`` and ``Money`` at once, and
``refund``, ``capture``, ``cancel`` and ``refresh`` when they are first used, since
these need Django's models. Signals are in ``signals``, errors in ``exceptions``.

The packages, in the order in which a payment passes through them:

    orders          a draft becomes an order, one at a time for a shopper
    payments        the order's payment is started, settled, captured, cancelled
    gateway         calls to Stripe; nothing else imports ``stripe``
    pages           what the shopper sees: checkout, return, status
    webhooks        an event arrives, and is a reason to ask Stripe
    refunds         money to the shopper; ``disputes`` are what banks take back
    incidents       what a person has to look at
    outbox          messages to the host: its signals, each sent once
    audit           who or what changed an order, and when
    reconciliation  compares with Stripe, makes up for what was missed
    admin           pages and actions for staff
    models          the rows; ``statuses`` has the moves between their states
    core            transactions, the task queue, points at which a process can die

The other modules are what Django looks for by name (``apps``, ``checks``,
``urls``, ``tasks``) or what a host may name in its settings (``sources``, ``csp``,
``csrf``, ``redaction``, ``health``); ``money`` and ``conf`` serve all.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .money import Money
from .orders.draft import Draft, Line

if TYPE_CHECKING:
    from .payments.cancel import cancel
    from .payments.capture import capture
    from .payments.refund import refund
    from .payments.sync import refresh_order as refresh

__all__ = ["Draft", "Line", "Money", "cancel", "capture", "refresh", "refund"]
__version__ = "0.1.0"

_LAZY = {
    "cancel": ("payments.cancel", "cancel"),
    "capture": ("payments.capture", "capture"),
    "refresh": ("payments.sync", "refresh_order"),
    "refund": ("payments.refund", "refund"),
}


def __getattr__(name: str) -> Any:
    """Import a function that needs Django's models when it is first used."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, function = _LAZY[name]
    return getattr(import_module(f".{module}", __name__), function)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
