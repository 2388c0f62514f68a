"""The bag: the server does all the sums, whatever the browser says."""

import pytest

from shop.bag import MOST, Bag


@pytest.fixture
def session():
    return {}


@pytest.fixture
def bag(session):
    return Bag(session)


def test_a_new_bag_is_empty_and_leaves_no_total(bag, session):
    assert (bag.count, bag.lines, session) == (0, (), {})


def test_adding_twice_makes_one_line_of_two_pieces(bag):
    bag.add("notebook")
    bag.add("notebook")
    assert [(line.product.reference, line.quantity) for line in bag.lines] == [
        ("notebook", 2)
    ]


def test_every_change_writes_the_total_anew(bag, session):
    bag.add("notebook")
    assert session["order_total"] == 1400
    bag.add("ink")
    assert session["order_total"] == 2400
    bag.set("notebook", 3)
    assert session["order_total"] == 5200
    bag.set("ink", 0)
    assert session["order_total"] == 4200
    assert session["order_currency"] == "gbp"


def test_a_total_written_by_somebody_else_is_overwritten(bag, session):
    bag.add("pen")
    session["order_total"] = 1
    bag.add("pen")
    assert session["order_total"] == 7200


def test_the_total_is_a_whole_number_of_minor_units(bag, session):
    bag.set("letters", 3)
    assert type(session["order_total"]) is int


def test_quantity_nought_takes_the_line_out(bag, session):
    bag.add("ruler")
    bag.set("ruler", 0)
    assert bag.lines == ()
    assert "order_total" not in session


def test_a_negative_quantity_takes_the_line_out_and_earns_nothing(bag, session):
    bag.add("pen")
    bag.set("pen", -5)
    assert bag.count == 0
    assert "order_total" not in session


def test_a_bag_holds_at_most_so_many_of_one_thing(bag):
    bag.set("tape", 100_000)
    assert bag.quantity("tape") == MOST
    bag.add("tape")
    assert bag.quantity("tape") == MOST


def test_a_thing_the_shop_does_not_have_cannot_be_put_in(bag, session):
    with pytest.raises(KeyError):
        bag.set("crown-jewels", 1)
    assert session == {}


def test_what_has_left_the_catalogue_has_left_the_bag(session):
    session["bag"] = {"typewriter": 2, "ink": 1}
    bag = Bag(session)
    assert bag.count == 1
    assert bag.total.amount == 1000


def test_another_currency_prices_the_same_things_anew(bag, session):
    bag.set("notebook", 2)
    bag.switch("jpy")
    assert (session["order_total"], session["order_currency"]) == (5600, "jpy")
    bag.switch("kwd")
    assert (session["order_total"], session["order_currency"]) == (11000, "kwd")


def test_a_currency_that_is_not_taken_changes_nothing(bag, session):
    bag.add("ink")
    with pytest.raises(KeyError):
        bag.switch("xau")
    assert (session["order_total"], session["order_currency"]) == (1000, "gbp")


def test_a_made_up_currency_in_the_session_falls_back_to_the_shops_own(session):
    session["order_currency"] = "doubloon"
    assert Bag(session).currency == "gbp"


def test_an_emptied_bag_keeps_its_currency(bag, session):
    bag.add("ink")
    bag.switch("eur")
    bag.empty()
    assert (bag.count, bag.currency) == (0, "eur")
    assert "order_total" not in session
