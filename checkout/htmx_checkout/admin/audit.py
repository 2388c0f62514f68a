"""The audit log: it can only be read."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from ..audit.words import CAUSES, WHAT
from ..models import AuditEntry
from .readonly import ReadOnlyAdmin, section


class WordFilter(admin.SimpleListFilter):
    """The known words of a field: listing those in the table would read every row."""

    words: dict[str, Any] = {}

    def lookups(self, request, model_admin):
        return list(self.words.items())

    def queryset(self, request, queryset):
        known = {str(self.parameter_name): self.value()}
        return queryset.filter(**known) if self.value() else queryset


class CauseFilter(WordFilter):
    title = _("cause")
    parameter_name = "cause"
    words = CAUSES


class WhatFilter(WordFilter):
    title = _("what")
    parameter_name = "what"
    words = WHAT


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "what",
        "change",
        "order_link",
        "total",
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
        section(None, "at", ("what", "change", "total"), "subject"),
        section(_("About"), ("order_link", "payment_link")),
        section(_("Who"), ("cause", "caused_by"), "request_id", "note"),
    )

    @admin.display(description=_("change"), ordering="after")
    def change(self, entry):
        return f"{entry.before} → {entry.after}" if entry.before else entry.after
