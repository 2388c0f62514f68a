"""Amounts as the stand-in's own pages write them: plain, with the ISO code."""

from ..protocol import currencies


def display(amount: int | None, currency: str | None) -> str:
    """``4200, "gbp"`` (minor units) as ``GBP 42.00``."""
    if amount is None or not currency:
        return "nothing now"
    places = currencies.exponent(currency)
    whole, part = divmod(abs(amount), 10**places)
    sign = "-" if amount < 0 else ""
    cents = f".{part:0{places}d}" if places else ""
    return f"{currency.upper()} {sign}{whole:,}{cents}"
