"""Orders: what was bought, its state, and what happened to it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..audit import timeline
from ..exceptions import CheckoutError
from ..models import (
    Dispute,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
    live_payment,
)
from ..models.statuses import PaymentStatus
from ..payments import cancel, sync
from .actions import SILENT, Action, page
from .readonly import ReadOnlyInline, link, listed, money, section, shown
from .refresh import RefreshAdmin


def is_held(order: Order) -> bool:
    """True while the bank holds money for ``order``."""
    return order.payments.filter(status=PaymentStatus.AUTHORISED).exists()


def ended(order: Order) -> str:
    """A sentence on the order's state after an attempt to cancel it."""
    if order.is_cancelled:
        return _("Order %(order)s is cancelled.") % {"order": order}
    facts = {"order": order, "status": order.get_status_display()}
    return _("Order %(order)s was not cancelled: it is %(status)s.") % facts


class CancelAction(Action):
    name = "cancel"
    label = gettext_lazy("Cancel")
    button = gettext_lazy("Cancel this order")

    def fits(self, row: Any) -> bool:
        return not row.is_paid and not row.is_cancelled and not is_held(row)

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        facts = {"order": row, "total": row.total}
        return [
            _("Order %(order)s over %(total)s is given up.") % facts,
            _(
                "Stripe is asked first: if the shopper has paid in the meantime, the "
                "order is paid and stays so."
            ),
        ]

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        return ended(cancel.cancel(row, "requested_by_customer"))


class ReleaseAction(CancelAction):
    name = "release"
    label = gettext_lazy("Release")
    button = gettext_lazy("Release the money and cancel")
    permission = "htmx_checkout.capture_order"

    def fits(self, row: Any) -> bool:
        return not row.is_paid and not row.is_cancelled and is_held(row)

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        payment = live_payment(row)
        held = shown(payment.amount_capturable, payment.currency)
        facts = {"order": row, "held": held}
        return [
            _("The bank lets the %(held)s go that it holds. Nothing is taken.") % facts,
            _("Order %(order)s is cancelled by it.") % facts,
        ]


class RefreshOrderAction(Action):
    name = "ask"
    label = gettext_lazy("Ask Stripe again")

    def fits(self, row: Any) -> bool:
        return bool(row.payments.exists())

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        text = _(
            "Stripe is asked how each payment of order %(order)s stands, with its "
            "refunds and disputes, and what is stored here follows. No money moves "
            "by asking."
        )
        return [text % {"order": row}]

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        order = sync.refresh_order(row)
        facts = {"order": order, "status": order.get_status_display()}
        return _("Order %(order)s is %(status)s.") % facts

    def failed(self, row: Any, given: dict[str, Any], error: CheckoutError) -> str:
        more = _("What it said before that is kept. Try again in a moment.")
        return f"{SILENT} {more}"


class PaymentInline(ReadOnlyInline):
    model = Payment
    fields = readonly_fields = (
        "itself",
        "status",
        "total",
        "received",
        "refunded",
        "last_error",
    )


class IncidentInline(ReadOnlyInline):
    model = Incident
    fields = readonly_fields = ("itself", "total", "opened_at", "closed_at")


class OutboxInline(ReadOnlyInline):
    model = OutboxMessage
    fields = readonly_fields = ("itself", "staged_at", "done_at", "parked_at", "error")

    def words(self, row):
        return row.name


@admin.register(Order)
class OrderAdmin(RefreshAdmin):
    row_actions = (CancelAction(), ReleaseAction(), RefreshOrderAction())
    inlines = (PaymentInline, IncidentInline, OutboxInline)
    list_display = ("reference", "status", "total", "email", "created_at", "paid_at")
    list_filter = ("status", "currency", "livemode")
    search_fields = (
        "reference",
        "email",
        "payments__stripe_id",
        "payments__refunds__stripe_id",
    )
    date_hierarchy = "created_at"
    # Without the token, which opens the shopper's page, the digest, which is the
    # shopper, and current_for, which is the digest again.
    fieldsets = (
        section(None, ("status", "total", "mode"), "email", "bought"),
        section(gettext_lazy("Money back"), ("refunds", "disputes")),
        section(gettext_lazy("When"), ("created_at", "paid_at", "seen_at")),
    )
    total = money("amount", gettext_lazy("total"))

    @admin.display(description=gettext_lazy("lines"))
    def bought(self, order):
        return listed(
            [
                format_html(
                    "{} × {}, {}",  # noqa: RUF001
                    line["quantity"],
                    line["name"],
                    shown(line["amount"] * line["quantity"], order.currency),
                )
                for line in order.lines
            ]
        )

    @admin.display(description=gettext_lazy("refunds"))
    def refunds(self, order):
        return _rows(Refund.objects.filter(payment__order=order))

    @admin.display(description=gettext_lazy("disputes"))
    def disputes(self, order):
        return _rows(Dispute.objects.filter(payment__order=order))

    def get_urls(self):
        view = self.admin_site.admin_view(self.explain_view)
        name = "htmx_checkout_order_explain"
        mine = [path("<path:object_id>/explain/", view, name=name)]
        return mine + super().get_urls()

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, Any]]:
        """The order's own buttons, and those of its payments that move money."""
        payments: Any = self.admin_site.get_model_admin(Payment)
        moving = [
            (page(payment, action.name), action.label)
            for payment in row.payments.order_by("attempt")
            for action in payments.fitting(request, payment)
            if action.is_for_orders
        ]
        explain = (page(row, "explain"), _("Explain"))
        return [*moving, *super().tools(request, row), explain]

    def explain_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of what happened to one order, and what made it paid. Reads only."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        order = self.get_object(request, object_id)
        if order is None:
            raise Http404
        context = {
            "title": _("What happened to this order"),
            "subtitle": order.reference,
            "order": order,
            "page": page(order),
            "rows": timeline.of(order),
            "race": timeline.race(order),
            "incidents": timeline.open_incidents(order),
        }
        return self.show(request, "order/explain", context)


def _rows(found: Any) -> str:
    """Refunds or disputes, each as a link with its amount and its state."""
    return listed(
        [
            format_html("{}, {}: {}", row.total, row.get_status_display(), link(row))
            for row in found.order_by("pk")
        ]
    )
