"""Six things and what they cost, in each currency that the shop takes.

Amounts are integers in minor units as Stripe counts them
(https://docs.stripe.com/currencies): JPY has no decimals, KWD has three of
which the last is 0. Prices are set by hand and never converted: a shopkeeper
who sells at £14 sells at $18, not at $17.93.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One thing on the shelf; ``amounts`` maps a currency to minor units."""

    reference: str
    name: str | Promise
    note: str | Promise
    amounts: dict[str, int]

    @property
    def picture(self) -> str:
        """Its picture, as ``{% static %}`` wants it."""
        return f"shop/{self.reference}.svg"


CURRENCIES = ("gbp", "usd", "eur", "jpy", "kwd")

PRODUCTS = (
    Product(
        reference="notebook",
        name=_("Linen notebook"),
        note=_("Moss, A5, 160 pages"),
        amounts={"gbp": 1400, "usd": 1800, "eur": 1650, "jpy": 2800, "kwd": 5500},
    ),
    Product(
        reference="ink",
        name=_("Iron-gall ink"),
        note=_("Blue-black, 30 ml"),
        amounts={"gbp": 1000, "usd": 1250, "eur": 1150, "jpy": 1900, "kwd": 3850},
    ),
    Product(
        reference="pen",
        name=_("Fountain pen"),
        note=_("Steel nib, fine"),
        amounts={"gbp": 3600, "usd": 4600, "eur": 4200, "jpy": 7200, "kwd": 14250},
    ),
    Product(
        reference="letters",
        name=_("Letter set"),
        note=_("12 sheets, 12 envelopes"),
        amounts={"gbp": 1250, "usd": 1600, "eur": 1450, "jpy": 2500, "kwd": 4950},
    ),
    # One strip alone is under Stripe's minimum for most currencies, so the bag
    # has something true to say about minimums.
    Product(
        reference="tape",
        name=_("Washi tape"),
        note=_("By the strip, 25 cm"),
        amounts={"gbp": 20, "usd": 25, "eur": 25, "jpy": 40, "kwd": 80},
    ),
    Product(
        reference="ruler",
        name=_("Brass ruler"),
        note=_("15 cm, unlacquered"),
        amounts={"gbp": 900, "usd": 1150, "eur": 1050, "jpy": 1800, "kwd": 3450},
    ),
)

BY_REFERENCE = {product.reference: product for product in PRODUCTS}
