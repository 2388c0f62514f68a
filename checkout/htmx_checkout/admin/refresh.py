"""Staff refresh several orders from Stripe, chosen in the list."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import audit
from ..exceptions import CheckoutError
from ..models import Order
from ..payments import sync
from .actions import ActionForm, ActionsAdmin

# Orders at once: each needs two calls or more, while a person waits for the page.
MOST = 20


class RefreshAdmin(ActionsAdmin):
    """Adds "Ask Stripe again" to the list, as an action that leads to a page.

    The page is a view of its own, since Stripe must not be called inside a
    transaction, and with a host's ATOMIC_REQUESTS the list's own view runs in one.
    """

    actions = ("ask_again",)

    def has_settle_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("htmx_checkout.operate_order"))

    @admin.action(description=gettext_lazy("Ask Stripe again"), permissions=["settle"])
    def ask_again(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:MOST])
        page = reverse("admin:htmx_checkout_order_ask_several")
        query = urlencode([("order", key) for key in keys])
        return HttpResponseRedirect(f"{page}?{query}")

    def get_urls(self):
        view = self.outside(self.ask_several_view)
        name = "htmx_checkout_order_ask_several"
        return [path("ask/", view, name=name), *super().get_urls()]

    def ask_several_view(self, request: HttpRequest) -> HttpResponse:
        """GET says which orders are asked about; POST asks."""
        may = self.has_settle_permission(request) and self.has_view_permission(request)
        if not may:
            raise PermissionDenied
        back = reverse("admin:htmx_checkout_order_changelist")
        sent = request.POST if request.method == "POST" else request.GET
        keys = [key for key in sent.getlist("order") if key.isdecimal()][:MOST]
        orders = list(Order.objects.filter(pk__in=keys).order_by("pk"))
        if request.method != "POST" and orders:
            return self._ask_first(request, orders, back)
        self._refresh(request, orders)
        return HttpResponseRedirect(back)

    def _ask_first(
        self, request: HttpRequest, orders: list[Order], back: str
    ) -> HttpResponse:
        named = ", ".join(order.reference for order in orders)
        said = _("Stripe is asked how these orders stand: %(orders)s.")
        more = _("What is stored here follows. No money moves by asking.")
        context = {
            "title": _("Ask Stripe again"),
            "says": [said % {"orders": named}, more],
            "form": ActionForm(None),
            "orders": orders,
            "back": back,
            "verb": _("Ask Stripe again"),
        }
        return self.show(request, "action", context)

    def _refresh(self, request: HttpRequest, orders: list[Order]) -> None:
        """Ask about each order and log it; stop when Stripe does not answer."""
        for done, order in enumerate(orders):
            try:
                with audit.by("staff", request.user.get_username()):
                    sync.refresh_order(order)
            except CheckoutError:
                facts = {"done": done, "all": len(orders), "order": order}
                text = _(
                    "Stripe did not answer about %(order)s: %(done)s of %(all)s orders "
                    "were asked about. Try the others again in a moment."
                )
                self.log_change(request, order, text % facts)
                self.message_user(request, text % facts, messages.WARNING)
                return
            status = {"status": order.get_status_display()}
            self.log_change(
                request, order, _("Ask Stripe again: it is %(status)s.") % status
            )
        text = ngettext(
            "Stripe was asked about %(count)s order.",
            "Stripe was asked about %(count)s orders.",
            len(orders),
        )
        self.message_user(request, text % {"count": len(orders)})
