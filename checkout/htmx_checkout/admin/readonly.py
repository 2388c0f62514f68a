"""What all admin pages share: read-only rows, amounts as text, links."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from ..exceptions import CurrencyUnknown
from ..money import Money

NOTHING = "-"


def shown(amount: int | None, currency: str) -> str:
    """An amount in minor units as text; a dash where there is none."""
    if amount is None or not currency:
        return NOTHING
    try:
        return str(Money(amount, currency))
    except CurrencyUnknown:
        # A currency that Stripe has added since this release.
        return _("%(amount)s smallest units of %(currency)s") % {
            "amount": amount,
            "currency": currency.upper(),
        }


def money(name: str, description: Any) -> Callable[..., str]:
    """A column that shows the amount in the field ``name``, with its currency."""

    @admin.display(description=description, ordering=name)
    def column(_self: Any, row: Any) -> str:
        return shown(getattr(row, name), row.currency)

    return column


def link(row: Any, text: Any = "") -> str:
    """A link to the page of ``row``; a dash for None."""
    if row is None:
        return NOTHING
    page = f"admin:htmx_checkout_{row._meta.model_name}_change"
    return format_html(
        '<a href="{}">{}</a>', reverse(page, args=[row.pk]), text or named(row)
    )


def linked(name: str, description: Any) -> Callable[..., str]:
    """A column that links to the row in the foreign key ``name``."""

    @admin.display(description=description, ordering=name)
    def column(_self: Any, row: Any) -> str:
        return link(getattr(row, name))

    return column


def named(row: Any) -> str:
    """The name of ``row`` for people: its kind, Stripe's id, or its own text."""
    if hasattr(row, "get_kind_display"):
        return str(row.get_kind_display())
    return str(getattr(row, "stripe_id", None) or row)


def listed(items: list[Any]) -> str:
    """A list of ``items``; a dash where there are none."""
    if not items:
        return NOTHING
    rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="facts">{}</ul>', rows)


def section(title, *rows):
    """A fieldset: each of ``rows`` is a field, or a tuple of fields on one line."""
    return title, {"fields": rows}


class ReadOnly:
    """No row is added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Columns:
    """Columns that several tables have: amounts with their currency, and links."""

    total = money("amount", _("amount"))
    received = money("amount_received", _("received"))
    refunded = money("amount_refunded", _("paid back"))
    order_link = linked("order", _("order"))
    payment_link = linked("payment", _("payment"))


class ReadOnlyAdmin(ReadOnly, Columns, admin.ModelAdmin):
    """A read-only list, and a read-only page for each row."""

    # Counting a whole table is slow once the shop has many orders.
    show_full_result_count = False
    list_per_page = 50
    empty_value_display = NOTHING

    class Media:
        css = {"all": ["htmx_checkout/admin/admin.css"]}

    @admin.display(description=_("name"), ordering="stripe_id")
    def itself(self, row):
        """The row's name, where that is not one of its fields."""
        return named(row)

    @admin.display(description=_("mode"), ordering="livemode")
    def mode(self, row):
        """Whether real money moves."""
        return _("real money") if row.livemode else _("test")


class ReadOnlyInline(ReadOnly, Columns, admin.TabularInline):
    """Read-only related rows on a row's page."""

    extra = 0
    empty_value_display = NOTHING

    @admin.display(description=_("name"))
    def itself(self, row):
        """A link to the row's own page."""
        return link(row, self.words(row))

    def words(self, row):
        """The text of that link."""
        return named(row)


class StateFilter(admin.SimpleListFilter):
    """A filter of a few states, each with the condition of a partial index."""

    title = _("state")
    parameter_name = "state"
    states: dict[str, tuple[Any, Q]] = {}

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _where) in self.states.items()]

    def queryset(self, request, queryset):
        chosen = self.states.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class WorkState(StateFilter):
    """A filter of what is tried until it is done (``models.Retried``)."""

    states = {
        "waiting": (_("waiting"), Q(done_at=None, parked_at=None)),
        "parked": (_("parked"), Q(done_at=None, parked_at__isnull=False)),
        "done": (_("done"), Q(done_at__isnull=False)),
    }
