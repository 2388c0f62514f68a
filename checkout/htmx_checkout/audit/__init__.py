"""The audit log: who or what changed an order, and when.

log       writes entries, in the transaction of the change itself
timeline  tells an order's story from the entries and from all other rows
"""

from .log import Cause, by, cause, entry, note, order_moved, payment_moved, write

__all__ = [
    "Cause",
    "by",
    "cause",
    "entry",
    "note",
    "order_moved",
    "payment_moved",
    "write",
]
