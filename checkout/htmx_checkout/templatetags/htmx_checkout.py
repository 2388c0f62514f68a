"""``{% load htmx_checkout %}``: money as text, and the settings for templates."""

from typing import Any

from django import template

from ..conf import conf
from ..money import Money

register = template.Library()


@register.filter
def money(value: Money | int | None, currency: str = "") -> str:
    """``{{ order.total|money }}`` or ``{{ 4200|money:"gbp" }}`` (minor units).

    Empty for None. Raises ``CurrencyUnknown``.
    """
    if value is None:
        return ""
    amount = value if isinstance(value, Money) else Money(value, currency)
    return amount.display()


@register.simple_tag
def checkout_conf() -> dict[str, Any]:
    """``{% checkout_conf as checkout %}``: the settings that a page may show."""
    settings = conf()
    return {
        "htmx": f"django_htmx/htmx-{settings.htmx_major}.min.js",
        "htmx_major": settings.htmx_major,
        "is_live": settings.livemode,
        "is_stripe": settings.is_stripe,
        "line_controls": settings.line_controls,
        "publishable_key": settings.publishable_key,
        "script_url": settings.script_url,
        "shop_name": settings.shop_name,
        "shop_url": settings.shop_url,
    }
