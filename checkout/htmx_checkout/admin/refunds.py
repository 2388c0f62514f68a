"""Refunds and disputes: money that goes back, or is taken back."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from ..models import Dispute, Refund
from .actions import ActionsAdmin
from .actions_refund import RepeatAction
from .readonly import ReadOnlyAdmin, link, linked, money


class OfPayment:
    """Columns of what belongs to a payment."""

    payment_link = linked("payment", gettext_lazy("payment"))
    total = money("amount", gettext_lazy("amount"))

    @admin.display(description=gettext_lazy("order"), ordering="payment__order")
    def order_link(self, row):
        return link(row.payment.order)


@admin.register(Refund)
class RefundAdmin(OfPayment, ActionsAdmin):
    row_actions = (RepeatAction(),)
    list_display = (
        "__str__",
        "order_link",
        "status",
        "total",
        "reason",
        "wanted_by",
        "created_at",
    )
    list_filter = ("status", "reason", "currency")
    list_select_related = ("payment__order",)
    search_fields = (
        "stripe_id",
        "number",
        "payment__stripe_id",
        "payment__order__reference",
    )
    date_hierarchy = "created_at"
    fieldsets = (
        (None, {"fields": (("status", "total"), ("order_link", "payment_link"))}),
        (gettext_lazy("Why"), {"fields": (("reason", "wanted_by", "failure"),)}),
        (gettext_lazy("Names"), {"fields": (("stripe_id", "number"),)}),
        (gettext_lazy("When"), {"fields": (("created_at", "key_stored_at"),)}),
    )
    readonly_fields = ("order_link", "payment_link", "total")


@admin.register(Dispute)
class DisputeAdmin(OfPayment, ReadOnlyAdmin):
    list_display = (
        "stripe_id",
        "order_link",
        "status",
        "total",
        "reason",
        "due_by",
        "opened_at",
    )
    list_filter = ("status", "reason")
    list_select_related = ("payment__order",)
    search_fields = ("stripe_id", "payment__stripe_id", "payment__order__reference")
    date_hierarchy = "opened_at"
    fieldsets = (
        (None, {"fields": (("status", "total"), ("order_link", "payment_link"))}),
        (gettext_lazy("What it is about"), {"fields": (("reason", "due_by"),)}),
        (gettext_lazy("When"), {"fields": (("opened_at", "closed_at", "asked_at"),)}),
    )
    readonly_fields = ("order_link", "payment_link", "total")
