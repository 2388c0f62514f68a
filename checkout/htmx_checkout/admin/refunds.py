"""Refunds, which staff can send again, and disputes."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..models import Dispute, Refund
from .actions import ActionsAdmin
from .actions_refund import RepeatAction
from .readonly import ReadOnlyAdmin, link, section


class OfPayment:
    """The order of what belongs to a payment."""

    @admin.display(description=_("order"), ordering="payment__order")
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
        section(None, ("status", "total"), ("order_link", "payment_link")),
        section(_("Why"), ("reason", "wanted_by", "failure")),
        section(_("Names"), ("stripe_id", "number")),
        section(_("When"), ("created_at", "key_stored_at")),
    )


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
        section(None, ("status", "total"), ("order_link", "payment_link")),
        section(_("What it is about"), ("reason", "due_by")),
        section(_("When"), ("opened_at", "closed_at", "asked_at")),
    )
