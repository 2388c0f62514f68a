"""The desk of the people who run the shop: facts to look at, and a few acts.

Facts are not changed here. An act is a page that says in plain words what will
happen, and one POST that does it: with a permission, in the name of a person,
and outside of any transaction, since Stripe is asked.
"""

from . import audit, incidents, orders, outbox, payments, refunds, webhooks

__all__ = [
    "audit",
    "incidents",
    "orders",
    "outbox",
    "payments",
    "refunds",
    "webhooks",
]
