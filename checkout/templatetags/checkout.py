"""``{% load checkout %}``: money, written as the reader does."""

from django import template

from checkout.money import Money

register = template.Library()


@register.filter
def money(value: Money | int | None, currency: str = "") -> str:
    """``{{ order.total|money }}`` or ``{{ 4200|money:"gbp" }}`` (minor units)."""
    if value is None:
        return ""
    held = value if isinstance(value, Money) else Money(value, currency)
    return held.display()
