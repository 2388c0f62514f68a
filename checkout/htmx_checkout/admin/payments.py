"""Payments: their amounts, refunds and disputes, and the actions that move money."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Dispute, Payment, Refund
from ..models.statuses import PaymentStatus
from ..payments import sync
from .actions import Action, ActionsAdmin
from .actions_capture import CaptureAction
from .actions_refund import RefundAction
from .readonly import ReadOnlyInline, money, section


class RefreshPaymentAction(Action):
    name = "ask"
    label = gettext_lazy("Ask Stripe again")

    def fits(self, row: Any) -> bool:
        return row.stripe_id is not None or row.status == PaymentStatus.CREATING

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        text = _(
            "Stripe is asked how this payment, its refunds and its disputes stand, "
            "and what is stored here follows. No money moves by asking."
        )
        return [text]

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        order = sync.refresh_payment(row)
        row.refresh_from_db()
        facts = {"payment": row.get_status_display()}
        facts["status"] = order.get_status_display()
        return _("The payment is %(payment)s, its order is %(status)s.") % facts


class RefundInline(ReadOnlyInline):
    model = Refund
    fields = readonly_fields = ("itself", "status", "total", "wanted_by", "created_at")


class DisputeInline(ReadOnlyInline):
    model = Dispute
    fields = readonly_fields = ("itself", "status", "total", "reason", "due_by")


@admin.register(Payment)
class PaymentAdmin(ActionsAdmin):
    row_actions = (RefundAction(), CaptureAction(), RefreshPaymentAction())
    inlines = (RefundInline, DisputeInline)
    list_display = (
        "itself",
        "order_link",
        "status",
        "total",
        "received",
        "refunded",
        "created_at",
    )
    list_filter = ("status", "currency")
    list_select_related = ("order",)
    search_fields = ("stripe_id", "order__reference", "refunds__stripe_id")
    date_hierarchy = "created_at"
    # Without the idempotency key, with which our calls to Stripe could be replayed.
    fieldsets = (
        section(None, ("order_link", "attempt", "status"), "stripe_id"),
        section(
            gettext_lazy("Money"),
            ("total", "received", "refunded"),
            ("held", "capture_before"),
        ),
        section(
            gettext_lazy("What Stripe said"),
            ("last_error", "asked_at"),
            "charge",
            "email",
        ),
        section(gettext_lazy("When"), ("created_at", "key_stored_at", "key_sent_at")),
    )
    held = money("amount_capturable", gettext_lazy("held"))
