"""The audit log: who or what changed an order, and when.

log       writes entries, in the transaction of the change itself
timeline  what happened to an order, from the entries and all other tables
rows      what a line of it holds
words     what the names in it are called on a page
"""

from .log import by, note, order_moved, payment_moved, write

__all__ = ["by", "note", "order_moved", "payment_moved", "write"]
