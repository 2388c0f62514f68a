"""Drafts: what a host may say that a shopper buys."""

import pytest

from htmx_checkout import Draft, Line, exceptions
from tests.support.cast import INK, NOTEBOOK, draft


def test_the_total_is_the_sum_of_all_pieces():
    assert draft(NOTEBOOK, INK).total.amount == 4200


def test_a_negative_line_is_a_discount():
    assert draft(INK, Line(name="Ten off", amount=-140)).total.amount == 1260


@pytest.mark.parametrize("amount", [14.0, "1400", None, True])
def test_a_price_that_is_no_int_is_refused(amount):
    with pytest.raises(exceptions.AmountNotAnInteger):
        Line(name="Ink", amount=amount)


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "2", True])
def test_a_quantity_is_a_whole_number_from_one(quantity):
    with pytest.raises(exceptions.AmountNotAnInteger):
        Line(name="Ink", amount=1400, quantity=quantity)


def test_a_draft_without_lines_is_an_empty_bag():
    with pytest.raises(exceptions.BagEmpty):
        Draft(currency="gbp", lines=()).check()


def test_the_currency_may_be_written_in_capitals():
    assert draft(currency="GBP").currency == "gbp"


def test_an_unknown_currency_is_refused_when_the_draft_is_made():
    with pytest.raises(exceptions.CurrencyUnknown):
        draft(currency="galleons")


def test_the_same_purchase_has_the_same_fingerprint_whoever_buys():
    assert draft(email="a@example.com").fingerprint == draft().fingerprint


def test_another_quantity_is_another_purchase():
    assert draft(NOTEBOOK).fingerprint != draft(NOTEBOOK, INK).fingerprint


def test_the_same_numbers_in_another_currency_are_another_purchase():
    assert draft(currency="eur").fingerprint != draft().fingerprint
