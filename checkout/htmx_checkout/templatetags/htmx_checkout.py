"""``{% load htmx_checkout %}``: money, written as the reader does."""

from typing import Any

from django import template

from ..conf import conf
from ..money import Money

register = template.Library()


@register.filter
def money(value: Money | int | None, currency: str = "") -> str:
    """``{{ order.total|money }}`` or ``{{ 4200|money:"gbp" }}`` (minor units)."""
    if value is None:
        return ""
    held = value if isinstance(value, Money) else Money(value, currency)
    return held.display()


@register.simple_tag
def checkout_conf() -> dict[str, Any]:
    """``{% checkout_conf as checkout %}``: the settings that a page may show."""
    held = conf()
    return {
        "htmx": f"django_htmx/htmx-{held.htmx_major}.min.js",
        "htmx_major": held.htmx_major,
        "is_live": held.livemode,
        "is_stripe": held.is_stripe,
        "line_controls": held.line_controls,
        "publishable_key": held.publishable_key,
        "script_url": held.script_url,
        "shop_name": held.shop_name,
        "shop_url": held.shop_url,
    }
