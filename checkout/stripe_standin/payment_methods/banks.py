"""Ways to pay that are not cards: test bank accounts and bank pages.

Source: https://docs.stripe.com/payments/sepa-debit/accept-a-payment (test
IBANs), /ach-direct-debit and the pages of each redirect method.
"""

from dataclasses import dataclass

# Currencies in which a type can be used at all.
CURRENCIES = {
    "ideal": {"eur"},
    "bancontact": {"eur"},
    "eps": {"eur"},
    "p24": {"eur", "pln"},
    "sepa_debit": {"eur"},
    "bacs_debit": {"gbp"},
    "us_bank_account": {"usd"},
    "klarna": {"eur", "gbp", "usd", "sek", "nok", "dkk", "aud", "cad", "nzd", "chf"},
    "revolut_pay": {"gbp", "eur"},
}
# What this account has switched on, in the order of the Payment Element.
AUTOMATIC = ("card", "ideal", "bancontact", "sepa_debit")
SUPPORTED = ("card", *CURRENCIES)

REDIRECT = frozenset(("ideal", "bancontact", "eps", "p24", "klarna", "revolut_pay"))
DELAYED = frozenset(("sepa_debit", "bacs_debit", "us_bank_account"))


@dataclass(frozen=True, slots=True)
class Account:
    """A test bank account. ``result``: succeeds, fails, disputed or stays."""

    number: str
    result: str = "succeeds"
    slow: bool = False
    failure: str = ""


ACCOUNTS = {
    account.number: account
    for account in (
        Account("AT611904300234573201"),
        Account("AT321904300235473204", slow=True),
        Account("AT861904300235473202", "fails"),
        Account("AT051904300235473205", "fails", slow=True),
        Account("AT591904300235473203", "disputed"),
        Account("AT981904300002222227", "fails", failure="insufficient_funds"),
        Account("AT981904300000343434", "fails", failure="charge_exceeds_source_limit"),
        Account("AT601904300000121212", "fails", failure="charge_exceeds_weekly_limit"),
        Account("DE89370400440532013000"),
        Account("DE08370400440532013003", slow=True),
        Account("DE62370400440532013001", "fails"),
        Account("GB82WEST12345698765432"),
        Account("NL39RABO0300065264"),
        Account("FR1420041010050500013M02606"),
        Account("000123456789"),
        Account("000111111116", "fails", failure="account_closed"),
        Account("000222222227", "fails", failure="insufficient_funds"),
        Account("000000000009", "stays"),
        Account("00012345"),
        Account("33333335", "fails", failure="debit_not_authorized"),
    )
}


def account(number: str) -> Account | None:
    return ACCOUNTS.get(number.replace(" ", "").upper())


def usable(type: str, currency: str) -> bool:
    return type == "card" or currency in CURRENCIES.get(type, set())


def automatic(currency: str) -> list[str]:
    """The types that are offered for ``currency`` when nobody says which."""
    return [type for type in AUTOMATIC if usable(type, currency)]
