"""What the shopper has chosen, kept in the session.

The session holds references and quantities, never a price: totals come from
the catalogue each time, so there is nothing for a shopper to tamper with.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from htmx_checkout.money import Money

from .catalogue import BY_REFERENCE, CURRENCIES, Product

MOST = 99


@dataclass(frozen=True, slots=True)
class BagLine:
    """So many pieces of one product, in the bag's currency."""

    product: Product
    quantity: int
    currency: str

    @property
    def amount(self) -> Money:
        """The price of one piece."""
        return Money(self.product.amounts[self.currency], self.currency)

    @property
    def total(self) -> Money:
        """The price of all pieces."""
        return Money(self.amount.amount * self.quantity, self.currency)


class Bag:
    """A session's bag.

    Each change also writes ``session["order_total"]`` (int, minor units) and
    ``session["order_currency"]``, for other code that reads them. An empty bag has no
    total.
    """

    def __init__(self, session: MutableMapping[str, Any]) -> None:
        self.session = session

    @property
    def currency(self) -> str:
        """The chosen currency, or the shop's own."""
        chosen: str = self.session.get("order_currency", "")
        return chosen if chosen in CURRENCIES else CURRENCIES[0]

    @property
    def quantities(self) -> dict[str, int]:
        """Quantity by reference, without products that left the catalogue."""
        kept = self.session.get("bag", {})
        return {ref: number for ref, number in kept.items() if ref in BY_REFERENCE}

    @property
    def lines(self) -> tuple[BagLine, ...]:
        return tuple(
            BagLine(BY_REFERENCE[reference], quantity, self.currency)
            for reference, quantity in self.quantities.items()
        )

    @property
    def count(self) -> int:
        """How many pieces, not how many lines."""
        return sum(self.quantities.values())

    @property
    def total(self) -> Money:
        amount = sum(line.total.amount for line in self.lines)
        return Money(amount, self.currency)

    def quantity(self, reference: str) -> int:
        """How many of ``reference`` are in the bag; 0 for none."""
        return self.quantities.get(reference, 0)

    def add(self, reference: str) -> None:
        """Add one piece. Not safe to repeat: each call adds one."""
        self.set(reference, self.quantity(reference) + 1)

    def set(self, reference: str, quantity: int) -> None:
        """Set the number of pieces, at most ``MOST``; 0 or less removes the product.

        Safe to repeat. Raises ``KeyError`` for a product the shop does not have.
        """
        known = BY_REFERENCE[reference].reference
        quantities = self.quantities | {known: min(quantity, MOST)}
        self._write({ref: n for ref, n in quantities.items() if n > 0})

    def switch(self, currency: str) -> None:
        """Price the bag in ``currency``; raise ``KeyError`` if it is not taken."""
        if currency not in CURRENCIES:
            raise KeyError(currency)
        self.session["order_currency"] = currency
        self._write(self.quantities)

    def empty(self) -> None:
        """Take everything out; the currency stays."""
        self._write({})

    def _write(self, quantities: dict[str, int]) -> None:
        self.session["bag"] = quantities
        self.session["order_currency"] = self.currency
        if quantities:
            self.session["order_total"] = self.total.amount
        else:
            self.session.pop("order_total", None)
