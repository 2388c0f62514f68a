"""What amounts a currency allows.

Source: https://docs.stripe.com/currencies (minimum and maximum charge
amounts, zero-decimal, three-decimal and special-case currencies).
"""

from . import errors

ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split()
)
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
# Sent with two decimals although both must be zero.
WHOLE_UNITS = frozenset(("isk", "ugx"))

# Minor units.
MINIMUM = {
    "usd": 50, "aed": 200, "ars": 50, "aud": 50, "brl": 50, "cad": 50, "chf": 50,
    "cop": 50, "czk": 1500, "dkk": 250, "eur": 50, "gbp": 30, "hkd": 400,
    "huf": 17500, "idr": 50, "ils": 50, "inr": 50, "jpy": 50, "krw": 50,
    "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "php": 50, "pln": 200,
    "ron": 200, "rub": 50, "sek": 300, "sgd": 50, "thb": 1000, "zar": 50,
    # About half a US dollar, for those without a figure of their own.
    "bhd": 190, "jod": 360, "kwd": 150, "omr": 200, "tnd": 1600,
}  # fmt: skip
MAXIMUM = 99_999_999

CURRENCIES = frozenset(
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl "
    "bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur "
    "fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy "
    "kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop "
    "mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg "
    "qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top "
    "try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar "
    "zmw".split()
)

SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}


def read(value: str, param: str = "currency") -> str:
    """The lower-case code. Raises ``ApiError`` (400) for one Stripe lacks."""
    code = value.lower()
    if code not in CURRENCIES:
        some = ", ".join(sorted(CURRENCIES))
        message = (
            f"Invalid currency: {value}. Stripe currently supports these "
            f"currencies: {some}"
        )
        raise errors.invalid(message, param)
    return code


def exponent(currency: str) -> int:
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def spoken(amount: int, currency: str) -> str:
    """``amount`` in minor units as Stripe's messages write it: ``£0.30 gbp``."""
    places = exponent(currency)
    number = f"{amount / 10**places:,.{places}f}"
    return f"{SIGNS.get(currency, '')}{number} {currency}"


def check_charge(amount: int, currency: str, param: str = "amount") -> None:
    """Refuse an amount (minor units) that ``currency`` cannot charge.

    Raises ``ApiError`` (400): ``parameter_invalid_integer``,
    ``amount_too_small`` or ``amount_too_large``.
    """
    check_positive(amount, param)
    step = 10 if currency in THREE_DECIMAL else 100 if currency in WHOLE_UNITS else 1
    if amount % step:
        message = f"Invalid amount: {currency} amounts must be divisible by {step}."
        raise errors.invalid(message, param, code="parameter_invalid_integer")
    minimum = MINIMUM.get(currency, 50)
    if amount < minimum:
        message = f"Amount must be at least {spoken(minimum, currency)}"
        raise errors.invalid(message, param, code="amount_too_small")
    if amount > MAXIMUM:
        message = f"Amount must be no more than {spoken(MAXIMUM, currency)}"
        raise errors.invalid(message, param, code="amount_too_large")


def check_positive(amount: int, param: str) -> None:
    if amount < 1:
        message = "This value must be greater than or equal to 1."
        raise errors.invalid(message, param, code="parameter_invalid_integer")
