"""The shelf and its "Add to bag", with and without JavaScript."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def test_the_shelf_shows_six_things_with_prices(client):
    page = client.get(reverse("shop:shelf")).content.decode()
    assert page.count('class="item"') == 6
    assert "£14.00" in page


def test_without_javascript_adding_leads_to_the_bag(client):
    answer = client.post(reverse("shop:add", args=["notebook"]))
    assert answer.status_code == 303
    assert answer["Location"] == reverse("shop:bag")
    assert client.session["order_total"] == 1400


def test_htmx_gets_the_form_and_the_bag_summary_out_of_band(client):
    answer = client.post(reverse("shop:add", args=["ink"]), headers=HTMX)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "1 in your bag" in said
    assert 'id="bag-summary"' in said
    assert 'hx-swap-oob="true"' in said
    assert "Bag, 1 item<" in said
    assert "<html" not in said


def test_a_whole_page_has_no_out_of_band_mark(client):
    assert "hx-swap-oob" not in client.get(reverse("shop:shelf")).content.decode()


def test_adding_tells_an_open_checkout_that_the_total_changed(client):
    answer = client.post(reverse("shop:add", args=["ink"]), headers=HTMX)
    assert "checkout:changed" in answer["HX-Trigger"]


def test_a_price_sent_by_mallory_is_not_read(client):
    sent = {"amount": "1", "price": "1", "order_total": "1", "quantity": "-3"}
    client.post(reverse("shop:add", args=["pen"]), sent)
    assert client.session["order_total"] == 3600


def test_a_thing_that_is_not_on_the_shelf_is_not_found(client):
    answer = client.post(reverse("shop:add", args=["crown-jewels"]))
    assert answer.status_code == 404
    assert "order_total" not in client.session


def test_reading_never_changes_the_bag(client):
    assert client.get(reverse("shop:add", args=["pen"])).status_code == 405
    assert "bag" not in client.session


def test_a_form_of_another_site_is_refused():
    mallory = Client(enforce_csrf_checks=True)
    answer = mallory.post(reverse("shop:add", args=["pen"]))
    assert answer.status_code == 403
    assert "bag" not in mallory.session


def test_each_form_carries_the_token_and_so_does_every_htmx_request(client):
    page = client.get(reverse("shop:shelf")).content.decode()
    assert page.count("csrfmiddlewaretoken") == page.count("<form ")
    assert 'hx-headers=\'{"X-CSRFToken"' in page
    assert 'hx-headers:inherited=\'{"X-CSRFToken"' in page


def test_a_browser_that_asks_for_an_icon_by_itself_gets_one(client):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 301
    assert answer["Location"].endswith("favicon.svg")


def test_pages_that_show_the_bag_are_not_kept(client):
    for name in ("shop:shelf", "shop:bag"):
        assert "no-store" in client.get(reverse(name))["Cache-Control"]
