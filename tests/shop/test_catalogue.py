"""What the shelf may cost: each amount is one that Stripe can charge."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from htmx_checkout.money import Money
from shop.catalogue import CURRENCIES, PRODUCTS


def test_six_things_stand_on_the_shelf():
    assert len({product.reference for product in PRODUCTS}) == 6


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.reference)
def test_each_thing_has_a_whole_price_in_each_currency(product):
    assert set(product.amounts) == set(CURRENCIES)
    for currency, amount in product.amounts.items():
        assert Money(amount, currency).amount > 0


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.reference)
def test_a_dinar_price_ends_in_nought(product):
    assert product.amounts["kwd"] % 10 == 0


def test_a_yen_price_is_counted_in_yen_and_a_dinar_price_in_fils():
    pen = next(product for product in PRODUCTS if product.reference == "pen")
    assert Money(pen.amounts["jpy"], "jpy").display("en") == "¥7,200"
    assert Money(pen.amounts["kwd"], "kwd").display("en").endswith("14.250")


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.reference)
def test_each_picture_is_drawn_for_light_and_for_dark(product):
    found = finders.find(product.picture)
    assert found, product.picture
    assert "prefers-color-scheme: dark" in Path(found).read_text()
