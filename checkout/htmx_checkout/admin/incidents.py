"""Incidents: what a person has to look at, and closes with a reason."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import incidents
from ..core import transactions
from ..models import Incident
from ..models.incident import HOLDING
from .actions import Action, ActionForm, ActionsAdmin
from .readonly import StateFilter, section


class ReasonForm(ActionForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=255,
        help_text=gettext_lazy("What was done about it, for whoever looks later."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class CloseAction(Action):
    name = "close"
    label = gettext_lazy("Close with a reason")
    button = gettext_lazy("Close this incident")
    form = ReasonForm

    def fits(self, row: Any) -> bool:
        return row.closed_at is None

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        said = [
            _("“%(kind)s” is closed in your name. It does not open again by itself.")
            % {"kind": row.get_kind_display()}
        ]
        if row.kind in HOLDING:
            said.append(_("Closing moves no money: what came stays where it is."))
        return said

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        close = transactions.retried(incidents.close)
        if not close(row, given["reason"], by=username[:150]):
            return _("Somebody else has closed it in the meantime.")
        return _("Closed: %(reason)s") % {"reason": given["reason"]}


class IncidentState(StateFilter):
    states = {
        "open": (gettext_lazy("open"), Q(closed_at__isnull=True)),
        "closed": (gettext_lazy("closed"), Q(closed_at__isnull=False)),
    }


@admin.register(Incident)
class IncidentAdmin(ActionsAdmin):
    row_actions = (CloseAction(),)
    list_display = ("kind", "total", "order_link", "opened_at", "closed_at")
    list_filter = (IncidentState, "kind", "livemode")
    list_select_related = ("order",)
    search_fields = ("subject", "detail", "order__reference", "payment__stripe_id")
    date_hierarchy = "opened_at"
    fieldsets = (
        section(None, ("kind", "total"), ("order_link", "payment_link")),
        section(
            gettext_lazy("What is known"), "detail", "subject", ("mode", "opened_at")
        ),
        section(gettext_lazy("How it ended"), ("closed_at", "closed_by"), "resolution"),
    )
