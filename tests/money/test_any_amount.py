"""Any amount in any currency: nothing is lost between units, decimals and words."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_symbol, parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from htmx_checkout.exceptions import AmountNotRepresentable, DraftRefused
from htmx_checkout.money import EXPONENTS, MAXIMUM, MINIMUMS, STEPS, Money, babel_locale
from htmx_checkout.orders.draft import Draft, Line
from htmx_checkout.pages.responses import summary

CURRENCIES = sorted(EXPONENTS)
LOCALES = ("en", "de", "fr", "es", "it", "nl", "pl", "ja", "sv", "pt-br")

amounts = st.integers(min_value=-(10**12), max_value=10**12)
charges = st.integers(min_value=0, max_value=MAXIMUM)
currencies = st.sampled_from(CURRENCIES)
lines = st.lists(
    st.builds(
        Line,
        name=st.just("Ink"),
        amount=st.integers(-(10**7), 10**7),
        quantity=st.integers(1, 1000),
    ),
    max_size=12,
)


@pytest.mark.parametrize("currency", CURRENCIES)
@given(amount=amounts)
def test_minor_units_and_decimals_are_the_same_amount(currency, amount):
    money = Money(amount, currency)
    assert Money.from_decimal(money.decimal, currency) == money
    assert money.decimal * 10 ** EXPONENTS[currency] == amount


@pytest.mark.parametrize("currency", CURRENCIES)
@given(amount=amounts)
def test_a_part_of_a_minor_unit_is_refused_and_not_rounded(currency, amount):
    part = Decimal(5).scaleb(-EXPONENTS[currency] - 1)
    with pytest.raises(AmountNotRepresentable):
        Money.from_decimal(Money(amount, currency).decimal + part, currency)


@pytest.mark.parametrize("locale", LOCALES)
@given(currency=currencies, amount=charges)
def test_what_a_reader_sees_is_that_amount_to_the_last_digit(locale, currency, amount):
    money = Money(amount, currency)
    known = babel_locale(locale)
    shown = money.display(locale)
    for name in (get_currency_symbol(currency.upper(), known), currency.upper()):
        shown = shown.replace(name, "")
    number = "".join(c for c in shown if c.isdigit() or c in ".,\xa0\u202f").strip()
    assert parse_decimal(number, locale=known) == money.decimal


@given(currency=currencies, amount=st.integers(-(10**10), 10**10))
def test_a_charge_is_refused_or_is_one_that_stripe_takes(currency, amount):
    fits = (
        MINIMUMS.get(currency, 1) <= amount <= MAXIMUM
        and amount % STEPS.get(currency, 1) == 0
    )
    try:
        Money(amount, currency).check()
    except DraftRefused:
        assert not fits
    else:
        assert fits


@given(currency=currencies, lines=lines)
def test_the_lines_that_are_shown_add_up_to_what_is_charged(currency, lines):
    draft = Draft(currency=currency, lines=tuple(lines))
    shown = summary(draft)
    totals = [line["total"] for line in shown["lines"]]
    assert sum(total.amount for total in totals) == draft.total.amount
    assert sum(total.decimal for total in totals) == draft.total.decimal
    assert shown["total"] == draft.total
