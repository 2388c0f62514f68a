"""The audit log: it can only be read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..audit.words import CAUSES, WHAT
from ..models import AuditEntry
from .readonly import ReadOnlyAdmin, StateFilter, linked, money


class CauseFilter(admin.SimpleListFilter):
    """The known causes: listing those in the table would read every row."""

    title = _("cause")
    parameter_name = "cause"

    def lookups(self, request, model_admin):
        return list(CAUSES.items())

    def queryset(self, request, queryset):
        return queryset.filter(cause=self.value()) if self.value() else queryset


class WhatFilter(StateFilter):
    title = _("what")
    parameter_name = "what"

    def lookups(self, request, model_admin):
        return list(WHAT.items())

    def queryset(self, request, queryset):
        return queryset.filter(what=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "what",
        "change",
        "order_link",
        "moved",
        "cause",
        "caused_by",
        "subject",
    )
    list_filter = (WhatFilter, CauseFilter)
    list_select_related = ("order",)
    search_fields = ("order__reference", "subject", "caused_by", "request_id")
    date_hierarchy = "at"
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("at", ("what", "change", "moved"), "subject")}),
        (_("About"), {"fields": (("order_link", "payment_link"),)}),
        (_("Who"), {"fields": (("cause", "caused_by"), "request_id", "note")}),
    )
    readonly_fields = ("change", "moved", "order_link", "payment_link")
    moved = money("amount", _("amount"))
    order_link = linked("order", _("order"))
    payment_link = linked("payment", _("payment"))

    @admin.display(description=_("change"), ordering="after")
    def change(self, entry):
        return f"{entry.before} → {entry.after}" if entry.before else entry.after
