"""Webhook events: what Stripe sent, and the outcome."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exceptions import CheckoutError
from ..models import Payment, WebhookEvent
from ..webhooks import process, store
from .actions import Action, ActionsAdmin
from .readonly import NOTHING, WorkState, link, listed, section


class RetryAction(Action):
    name = "again"
    label = gettext_lazy("Try again")

    def fits(self, row: Any) -> bool:
        return row.done_at is None

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        text = _(
            "Stripe is asked for this event, and about the payment that it names. What "
            "is stored here follows. Stripe forgets events after 30 days: ask about "
            "the payment itself then."
        )
        return [text]

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        store.unpark(row)
        event = process.retry(row)
        return _("The event is processed: %(outcome)s.") % {"outcome": event.outcome}

    def failed(self, row: Any, given: dict[str, Any], error: CheckoutError) -> str:
        return _("The event is not processed, and is kept: %(why)s") % {"why": error}


@admin.register(WebhookEvent)
class WebhookEventAdmin(ActionsAdmin):
    row_actions = (RetryAction(),)
    list_display = (
        "stripe_id",
        "type",
        "intent_id",
        "outcome",
        "source",
        "received_at",
        "done_at",
    )
    list_filter = (WorkState, "livemode")
    search_fields = ("stripe_id", "intent_id", "type")
    date_hierarchy = "received_at"
    fieldsets = (
        section(None, "type", "payment", "object_id"),
        section(
            gettext_lazy("What came of it"),
            ("outcome", "done_at"),
            ("tries", "error", "parked_at"),
        ),
        section(
            gettext_lazy("How it came"),
            ("source", "received_at"),
            ("mode", "account", "api_version"),
        ),
        section(gettext_lazy("Its body"), "body_hash", "sender"),
    )

    @admin.display(description=gettext_lazy("payment"))
    def payment(self, event):
        """A link to the payment that it is about, or its id if it is not ours."""
        found = Payment.objects.filter(stripe_id=event.intent_id).first()
        if not event.intent_id or found is None:
            return event.intent_id or NOTHING
        return link(found, event.intent_id)

    @admin.display(description=gettext_lazy("headers"))
    def sender(self, event):
        return listed([f"{name}: {value}" for name, value in event.headers.items()])
