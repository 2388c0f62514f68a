"""The bag's page: quantities, what cannot be paid, and the way to the checkout."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def quantity(reference):
    return reverse("shop:quantity", args=[reference])


@pytest.fixture
def ada(client):
    """Ada has two notebooks and an ink in her bag: £38.00."""
    client.post(quantity("notebook"), {"quantity": "2"})
    client.post(quantity("ink"), {"quantity": "1"})
    return client


def test_an_empty_bag_says_so_and_leads_to_the_shelf(client):
    page = client.get(reverse("shop:bag")).content.decode()
    assert "Your bag is empty" in page
    assert f'href="{reverse("htmx_checkout:page")}"' not in page


def test_a_full_bag_leads_to_the_checkout(ada):
    page = ada.get(reverse("shop:bag")).content.decode()
    assert "£38.00" in page
    assert f'href="{reverse("htmx_checkout:page")}"' in page


def test_without_javascript_a_change_leads_back_to_the_bag(ada):
    answer = ada.post(quantity("notebook"), {"quantity": "3"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("shop:bag"))
    assert ada.session["order_total"] == 5200


def test_htmx_gets_the_bag_and_its_summary_out_of_band(ada):
    answer = ada.post(quantity("notebook"), {"quantity": "1"}, headers=HTMX)
    said = answer.content.decode()
    assert said.count('id="bag"') == 1
    assert said.count("hx-swap-oob") == 1
    assert "£24.00" in said
    assert "checkout:changed" in answer["HX-Trigger"]


def test_removing_the_last_thing_answers_with_the_empty_bag(client):
    client.post(quantity("pen"), {"quantity": "1"})
    answer = client.post(quantity("pen"), {"quantity": "0"}, headers=HTMX)
    assert "Your bag is empty" in answer.content.decode()
    assert "order_total" not in client.session


def test_on_the_checkout_page_a_change_answers_with_the_event_alone(ada):
    sent = {"quantity": "1", "next": reverse("htmx_checkout:page")}
    answer = ada.post(quantity("notebook"), sent, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "checkout:changed" in answer["HX-Trigger"]
    assert ada.session["order_total"] == 2400


def test_without_javascript_a_change_leads_back_to_the_checkout_page(ada):
    sent = {"quantity": "1", "next": reverse("htmx_checkout:page")}
    answer = ada.post(quantity("notebook"), sent)
    assert (answer.status_code, answer["Location"]) == (
        303,
        reverse("htmx_checkout:page"),
    )


@pytest.mark.parametrize(
    "page", ["https://mallory.example/", "//mallory.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(ada, page):
    answer = ada.post(quantity("ink"), {"quantity": "1", "next": page})
    assert answer["Location"] == reverse("shop:bag")
    answer = ada.post(reverse("shop:currency"), {"currency": "eur", "next": page})
    assert answer["Location"] == reverse("shop:shelf")


@pytest.mark.parametrize("sent", ["two", "1.5", "", "1e3", "9" * 5000])
def test_a_quantity_that_is_no_number_is_refused_and_changes_nothing(ada, sent):
    assert ada.post(quantity("ink"), {"quantity": sent}).status_code == 400
    assert ada.session["order_total"] == 3800


def test_a_missing_quantity_is_refused(ada):
    assert ada.post(quantity("ink")).status_code == 400


def test_a_negative_quantity_never_lowers_the_total_of_the_rest(ada):
    ada.post(quantity("ink"), {"quantity": "-100"})
    assert ada.session["order_total"] == 2800


def test_a_total_under_the_minimum_is_told_in_the_bag(client):
    client.post(quantity("tape"), {"quantity": "1"})
    page = client.get(reverse("shop:bag")).content.decode()
    assert "too small to be paid by card" in page
    assert f'href="{reverse("htmx_checkout:page")}"' not in page


def test_a_total_at_the_minimum_may_go_to_the_checkout(client):
    client.post(quantity("tape"), {"quantity": "2"})
    page = client.get(reverse("shop:bag")).content.decode()
    assert "too small" not in page
    assert f'href="{reverse("htmx_checkout:page")}"' in page


def test_the_currency_prices_shelf_and_bag_anew(ada):
    answer = ada.post(reverse("shop:currency"), {"currency": "jpy", "next": "/bag/"})
    assert (answer.status_code, answer["Location"]) == (303, "/bag/")
    assert ada.session["order_total"] == 7500
    assert ada.session["order_currency"] == "jpy"
    assert "¥7,500" in ada.get("/bag/").content.decode()
    assert "¥2,800" in ada.get("/").content.decode()


@pytest.mark.parametrize("sent", [{}, {"currency": "xau"}, {"currency": "GBP"}])
def test_a_currency_the_shop_does_not_take_is_refused(ada, sent):
    assert ada.post(reverse("shop:currency"), sent).status_code == 400
    assert ada.session["order_total"] == 3800
