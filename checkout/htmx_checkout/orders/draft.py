"""Drafts: what a shopper wants to buy, as the host's order source returns it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from ..exceptions import AmountNotAnInteger, BagEmpty
from ..money import Money, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a draft.

    ``amount`` is the price of one piece in minor units of the draft's currency
    (negative for a discount), ``quantity`` a whole number from 1. ``note``,
    ``reference`` (the host's own id) and ``image`` (a URL on the host's own
    origin) are only shown. Raises ``AmountNotAnInteger``.
    """

    name: str
    amount: int
    quantity: int = 1
    note: str = ""
    reference: str = ""
    image: str = ""

    def __post_init__(self) -> None:
        whole(self.amount)
        if whole(self.quantity) < 1:
            raise AmountNotAnInteger(f"Quantity {self.quantity} of {self.name!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Lines in one currency; ``email`` if the host knows the shopper's already.

    Raises ``CurrencyUnknown`` when it is made, and ``AmountNotAnInteger`` from
    its lines; ``check`` raises the rest.
    """

    currency: str
    lines: tuple[Line, ...]
    email: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "currency", str(self.currency).lower())
        object.__setattr__(self, "lines", tuple(self.lines))
        Money(0, self.currency)

    @property
    def total(self) -> Money:
        """The sum of all lines."""
        amount = sum(line.amount * line.quantity for line in self.lines)
        return Money(amount, self.currency)

    def check(self) -> None:
        """Raise the ``DraftRefused`` that says why this draft cannot be charged.

        Asks neither the database nor Stripe; safe to repeat. A host may call it for
        the bag, so that a shopper learns about a minimum before the checkout.
        """
        if not self.lines:
            raise BagEmpty("The draft has no lines.")
        self.total.check()

    def snapshot(self) -> list[dict[str, Any]]:
        """The lines as plain data, to be stored with an order."""
        return [asdict(line) for line in self.lines]

    @property
    def fingerprint(self) -> str:
        """64 hex digits, equal for two drafts that buy the same.

        A line with a reference is compared by that, and only one without by its name
        and note, which change with the language. The e-mail does not count, since it
        may be typed later.
        """
        bought = [
            (line.reference or [line.name, line.note], line.amount, line.quantity)
            for line in self.lines
        ]
        text = json.dumps([self.currency, bought])
        return hashlib.sha256(text.encode()).hexdigest()
