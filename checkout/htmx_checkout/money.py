"""Money in minor units as Stripe counts them, which is not always as ISO 4217 does.

Source of the tables: https://docs.stripe.com/currencies (zero-decimal,
three-decimal, special cases, minimum and maximum amounts). For example, ISK and UGX
have no decimals in ISO 4217; Stripe expects two, which must be 00.
"""

from dataclasses import dataclass
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency
from django.utils.translation import get_language, to_locale

from .exceptions import (
    AmountNotAnInteger,
    AmountNotPositive,
    AmountNotRepresentable,
    AmountTooLarge,
    AmountTooSmall,
    CurrencyUnknown,
)

TWO_DECIMALS = """
    aed afn all amd ang aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp
    byn bzd cad cdf chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp
    gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt
    lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn
    nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd
    shp sle sos srd std szl thb tjs top try ttd twd tzs uah ugx usd uyu uzs wst
    xcd yer zar zmw
""".split()
NO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()
THREE_DECIMALS = "bhd jod kwd omr tnd".split()

EXPONENTS: dict[str, int] = (
    dict.fromkeys(TWO_DECIMALS, 2)
    | dict.fromkeys(NO_DECIMALS, 0)
    | dict.fromkeys(THREE_DECIMALS, 3)
)

# The amount of a charge must be a multiple of this; of one where none is given here.
STEPS = {"isk": 100, "ugx": 100} | dict.fromkeys(THREE_DECIMALS, 10)

# In minor units. Stripe compares after conversion to the settlement currency, so an
# amount that passes here may still be refused there; one below is always refused.
MINIMUMS = {
    "aed": 200, "ars": 50, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "cop": 50,
    "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500,
    "idr": 50, "ils": 50, "inr": 50, "jpy": 50, "krw": 50, "mxn": 1000, "myr": 200,
    "nok": 300, "nzd": 50, "php": 50, "pln": 200, "ron": 200, "rub": 50, "sek": 300,
    "sgd": 50, "thb": 1000, "usd": 50, "zar": 50,
}  # fmt: skip

# In minor units. Some payment methods take more, but all take eight digits.
MAXIMUM = 99_999_999


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money: ``amount`` in minor units of ``currency``.

    ``currency`` is a lower-case ISO code that Stripe knows. Raises
    ``AmountNotAnInteger`` (a float, a bool, a string, a Decimal) and
    ``CurrencyUnknown``. The amount may be zero or negative (a discount is), but
    ``check`` refuses to charge that.
    """

    amount: int
    currency: str

    def __post_init__(self) -> None:
        whole(self.amount)
        if self.currency not in EXPONENTS:
            raise CurrencyUnknown(f"Stripe knows no currency {self.currency!r}.")

    def check(self) -> None:
        """Raise the ``DraftRefused`` that says why Stripe would not charge this."""
        step, minimum = STEPS.get(self.currency, 1), MINIMUMS.get(self.currency, 1)
        if self.amount <= 0:
            raise AmountNotPositive(f"{self!r} is not positive.")
        if self.amount % step:
            raise AmountNotRepresentable(f"{self!r} is no multiple of {step}.")
        if self.amount < minimum:
            raise AmountTooSmall(f"{self!r} is below Stripe's minimum of {minimum}.")
        if self.amount > MAXIMUM:
            raise AmountTooLarge(f"{self!r} is above Stripe's maximum of {MAXIMUM}.")

    @classmethod
    def from_decimal(cls, number: Decimal, currency: str) -> "Money":
        """Convert major units, exactly: ``Decimal("42.00")`` in gbp is ``4200``.

        Raises ``AmountNotRepresentable`` for more decimals than the currency has.
        """
        minor = number.scaleb(exponent(currency))
        if minor != minor.to_integral_value():
            raise AmountNotRepresentable(f"{number} {currency} is no whole number.")
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly: 4200 gbp is ``Decimal("42.00")``."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def display(self, locale: str | None = None) -> str:
        """The amount as text for ``locale`` (default: the active one): "£42.00".

        Never rounds: shows all decimals that the amount has, also where CLDR would
        show fewer.
        """
        return format_currency(
            self.decimal,
            self.currency.upper(),
            locale=babel_locale(locale),
            decimal_quantization=False,
        )

    def __str__(self) -> str:
        return self.display()


def exponent(currency: str) -> int:
    """The number of decimals of ``currency`` at Stripe; raises ``CurrencyUnknown``."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise CurrencyUnknown(f"Stripe knows no currency {currency!r}.") from None


def whole(number: object) -> int:
    """Return ``number`` if it is an int; raise ``AmountNotAnInteger`` otherwise.

    ``True`` is refused too, although Python counts it as an int.
    """
    if type(number) is not int:
        raise AmountNotAnInteger(f"{type(number).__name__} given, int expected.")
    return number


def babel_locale(language: str | None = None) -> Locale:
    """Babel's locale for a Django language code; English where Babel has none."""
    try:
        return Locale.parse(to_locale(language or get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
