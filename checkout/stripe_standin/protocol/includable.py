"""Fields that are computed only when a request expands them.

Source: https://docs.stripe.com/api/expanding_objects (includable properties).
"""

from collections.abc import Callable
from typing import Any

from ..world.store import Object


def currency_options(price: Object) -> Object:
    """Prices here have the one currency that they were made in."""
    same = ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")
    return {price["currency"]: {name: price[name] for name in same}}


def breakdown(details: Object) -> Object:
    """Of ``total_details``: what was taken off and put on, line by line."""
    return {"discounts": [], "taxes": []}


def tiers(price: Object) -> None:
    """Every price here is per unit."""


def nothing(item: Object) -> list[Any]:
    return []


# By the kind of object, or "" for a hash without one, and the property's name.
EXTRAS: dict[tuple[str, str], Callable[[Object], Any]] = {
    ("", "breakdown"): breakdown,
    ("item", "discounts"): nothing,
    ("item", "taxes"): nothing,
    ("price", "currency_options"): currency_options,
    ("price", "tiers"): tiers,
}
NAMES = frozenset(name for _, name in EXTRAS)
