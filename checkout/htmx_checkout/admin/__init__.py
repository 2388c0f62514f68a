"""The admin pages: rows to look at, and a few actions.

Rows are read-only. An action is a page that says in plain words what will happen,
and one POST that does it: with a permission, in the name of a person, and outside
of any transaction, since Stripe is asked.
"""

from . import audit, incidents, orders, outbox, payments, refunds, webhooks

__all__ = ["audit", "incidents", "orders", "outbox", "payments", "refunds", "webhooks"]
