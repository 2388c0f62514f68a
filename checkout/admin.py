"""Facts to look at. Nothing is changed here, since money is not changed by hand."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Effect, Event, MoneyException, Order, Payment


class FactsAdmin(admin.ModelAdmin):
    """A list and a page for each row, without a way to add, change or delete."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(FactsAdmin):
    list_display = ("reference", "status", "total", "email", "created_at", "paid_at")
    list_filter = ("status", "currency")
    search_fields = ("reference", "email", "payments__stripe_id")
    # The token opens the shopper's page and the digest is the shopper.
    exclude = ("token", "shopper", "current_for")


@admin.register(Payment)
class PaymentAdmin(FactsAdmin):
    list_display = ("stripe_id", "order", "attempt", "status", "amount", "currency")
    list_filter = ("status",)
    search_fields = ("stripe_id", "order__reference")


@admin.register(Event)
class EventAdmin(FactsAdmin):
    list_display = ("stripe_id", "type", "object_id", "outcome", "received_at")
    list_filter = ("outcome", "type")
    search_fields = ("stripe_id", "object_id")


@admin.register(Effect)
class EffectAdmin(FactsAdmin):
    list_display = ("name", "order", "staged_at", "done_at", "error")


@admin.register(MoneyException)
class MoneyExceptionAdmin(FactsAdmin):
    list_display = ("kind", "payment", "detail", "opened_at", "closed_at")
    list_filter = ("kind", "closed_at")
