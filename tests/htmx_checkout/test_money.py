"""Money: Stripe's minor units, its minimums, and how a reader sees them."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from htmx_checkout import exceptions
from htmx_checkout.money import EXPONENTS, MAXIMUM, Money, exponent

# Cheap: more than the suite's ten.
more = hypothesis(max_examples=max(50, hypothesis.default.max_examples))


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("gbp", 2), ("usd", 2), ("eur", 2), ("jpy", 0), ("krw", 0), ("kwd", 3)],
)
def test_each_currency_has_the_decimals_that_stripe_counts(currency, decimals):
    assert exponent(currency) == decimals


@pytest.mark.parametrize("currency", ["isk", "ugx"])
def test_krona_and_shilling_have_two_decimals_at_stripe_whatever_iso_says(currency):
    assert exponent(currency) == 2


@pytest.mark.parametrize(
    ("money", "shown"),
    [
        (Money(4200, "gbp"), "£42.00"),
        (Money(4200, "jpy"), "¥4,200"),
        (Money(4200, "kwd"), "KWD\xa04.200"),
        (Money(500, "isk"), "ISK\xa05"),
        (Money(-150, "usd"), "-$1.50"),
    ],
)
def test_an_amount_is_written_as_english_readers_write_it(money, shown):
    # Which blank stands after a code differs between releases of CLDR.
    assert money.display("en").replace("\xa0", "") == shown.replace("\xa0", "")


def test_an_amount_follows_the_active_language():
    with translation.override("de"):
        assert Money(123456, "eur").display() == "1.234,56\xa0€"


def test_a_hidden_cent_is_shown_where_the_locale_would_round():
    assert "5.24" in Money(524, "lak").display("en")


@pytest.mark.parametrize("amount", [42.0, "4200", Decimal(4200), True, None])
def test_only_an_int_is_an_amount(amount):
    with pytest.raises(exceptions.AmountNotAnInteger):
        Money(amount, "gbp")


@pytest.mark.parametrize("currency", ["xxx", "GBP", "", None])
def test_an_unknown_currency_is_refused(currency):
    with pytest.raises(exceptions.CurrencyUnknown):
        Money(100, currency)


@pytest.mark.parametrize(
    ("money", "error"),
    [
        (Money(0, "gbp"), exceptions.AmountNotPositive),
        (Money(-4200, "gbp"), exceptions.AmountNotPositive),
        (Money(29, "gbp"), exceptions.AmountTooSmall),
        (Money(49, "usd"), exceptions.AmountTooSmall),
        (Money(49, "jpy"), exceptions.AmountTooSmall),
        (Money(MAXIMUM + 1, "usd"), exceptions.AmountTooLarge),
        (Money(5125, "kwd"), exceptions.AmountNotRepresentable),
        (Money(550, "isk"), exceptions.AmountNotRepresentable),
        (Money(550, "ugx"), exceptions.AmountNotRepresentable),
    ],
)
def test_what_stripe_would_refuse_is_refused_with_its_own_error(money, error):
    with pytest.raises(error):
        money.check()


@pytest.mark.parametrize(
    "money",
    [Money(30, "gbp"), Money(50, "jpy"), Money(5120, "kwd"), Money(MAXIMUM, "usd")],
)
def test_the_smallest_and_the_largest_charge_pass(money):
    money.check()


def test_each_refusal_has_a_sentence_of_its_own():
    refusals = exceptions.DraftRefused.__subclasses__()
    assert len({str(error.sentence) for error in refusals}) == len(refusals) == 8
    assert len({error.code for error in refusals}) == len(refusals)


@more
@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(EXPONENTS)))
def test_minor_units_survive_the_way_to_major_units_and_back_f76(amount, currency):
    major = Money(amount, currency).decimal
    assert int(major.scaleb(exponent(currency))) == amount
    assert major.scaleb(exponent(currency)) == amount
