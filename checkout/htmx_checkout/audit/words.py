"""The words of the audit log, as a page shows them."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from ..models.statuses import DisputeStatus, OrderStatus, PaymentStatus, RefundStatus

# What changed.
WHAT: dict[str, str | Promise] = {
    "order": gettext_lazy("order"),
    "payment": gettext_lazy("payment"),
    "refund": gettext_lazy("refund"),
    "dispute": gettext_lazy("dispute"),
    "incident": gettext_lazy("incident"),
    "message": gettext_lazy("outbox message"),
    "event": gettext_lazy("event"),
}
# What changed it.
CAUSES: dict[str, str | Promise] = {
    "checkout": gettext_lazy("the checkout page"),
    "return": gettext_lazy("the return from Stripe"),
    "poll": gettext_lazy("the status page"),
    "webhook": gettext_lazy("the webhook"),
    "reconcile": gettext_lazy("the reconciler"),
    "worker": gettext_lazy("a worker"),
    "staff": gettext_lazy("a person"),
    "policy": gettext_lazy("the shop's policy"),
    "code": gettext_lazy("code of the shop"),
}
STATUSES: dict[str, Any] = {
    "order": OrderStatus,
    "payment": PaymentStatus,
    "refund": RefundStatus,
    "dispute": DisputeStatus,
}
# The outcomes of events.
OUTCOMES: dict[str, str | Promise] = {
    "applied": gettext_lazy("applied"),
    "settled": gettext_lazy("nothing was left to ask"),
    "foreign": gettext_lazy("not about a payment of ours"),
    "stray": gettext_lazy("about money without a payment here"),
    "livemode": gettext_lazy("of the other mode"),
    "account": gettext_lazy("of another account"),
}
# Outcomes of events that changed nothing.
IDLE = ("settled", "foreign", "livemode", "account")
# States of incidents and outbox messages.
STATES: dict[str, str | Promise] = {
    "open": gettext_lazy("open"),
    "closed": gettext_lazy("closed"),
    "due": gettext_lazy("due"),
    "parked": gettext_lazy("parked"),
}
