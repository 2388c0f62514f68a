"""Cards that pay, of many brands and many countries."""

import pytest

from stripe_standin.payment_methods import cards


def test_no_number_and_no_token_is_listed_twice():
    numbers = [card.number for card in cards.CARDS]
    tokens = [card.token for card in cards.CARDS]
    assert len(set(numbers)) == len(set(tokens)) == len(cards.CARDS)


@pytest.mark.parametrize(
    ("token", "brand", "funding", "country"),
    [
        ("br", "visa", "credit", "BR"),
        ("at", "visa", "credit", "AT"),
        ("th_debit", "visa", "debit", "TH"),
        ("gb_mastercard", "mastercard", "credit", "GB"),
        ("jp_jcb", "jcb", "credit", "JP"),
    ],
)
def test_a_card_of_a_country_pays_and_says_where_it_is_from(
    client, token, brand, funding, country
):
    paid = client.pay(f"pm_card_{token}", expand=["payment_method"])
    card = paid["payment_method"]["card"]
    assert paid["status"] == "succeeded"
    assert (card["brand"], card["funding"], card["country"]) == (
        brand,
        funding,
        country,
    )


def test_a_number_may_have_nineteen_digits(client):
    card = {"number": "6205500000000000004", "exp_month": 8, "exp_year": 40}
    data = {"type": "card", "card": card}
    paid = client.pay(None, payment_method_data=data)
    assert paid["status"] == "succeeded"
