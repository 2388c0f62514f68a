"""Outbox messages: signals to the host, and which receivers were called."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import OutboxMessage
from ..outbox import deliver
from .actions import Action, ActionsAdmin
from .readonly import WorkState, listed, section


class RetryAction(Action):
    name = "retry"
    label = gettext_lazy("Try again")

    def fits(self, row: Any) -> bool:
        return row.done_at is None

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        text = _(
            "“%(name)s” is sent to each receiver that was not called yet. A receiver "
            "that was called is not called again."
        )
        said = [text % {"name": row.name}]
        if row.started_at is not None:
            text = _(
                "It was begun once and may have been done in part: what a receiver "
                "does elsewhere, an e-mail for example, may happen twice."
            )
            said.append(text)
        return said

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        deliver.unpark(row)
        row.refresh_from_db()
        if row.done_at is not None:
            return _("All receivers were called.")
        if row.error and row.tries:
            return _("It has failed again: %(error)s") % {"error": row.error}
        return _("It is in the queue: a worker takes it in a moment.")


@admin.register(OutboxMessage)
class MessageAdmin(ActionsAdmin):
    row_actions = (RetryAction(),)
    list_display = (
        "name",
        "subject",
        "order_link",
        "staged_at",
        "done_at",
        "tries",
        "error",
    )
    list_filter = (WorkState,)
    list_select_related = ("order",)
    search_fields = ("subject", "order__reference", "name")
    date_hierarchy = "staged_at"
    fieldsets = (
        section(None, ("name", "order_link"), "subject", "receivers"),
        section(
            gettext_lazy("When"), ("staged_at", "due_at"), ("started_at", "done_at")
        ),
        section(gettext_lazy("Trouble"), ("tries", "parked_at"), "error"),
    )

    @admin.display(description=gettext_lazy("receivers called"))
    def receivers(self, message):
        return listed(message.heard)
