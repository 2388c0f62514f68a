"""The checkout page."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from htmx_checkout import Line
from htmx_checkout.models import Order, Payment
from tests.support.cast import (
    ADA,
    draft,
    fill,
    open_payment,
    shopper,
)

pytestmark = pytest.mark.django_db


PAGE, PAYMENT = "/checkout/", "/checkout/payment/"


def test_htmx_keeps_no_snapshot_of_a_page_with_a_client_secret_s11(till, begun):
    ada, _payment = begun
    assert 'hx-history="false"' in open_payment(ada).content.decode()
    assert '"historyCacheSize": 0' in ada.get(PAGE).content.decode()


@pytest.mark.parametrize("switch", ["allowEval", "allowScriptTags"])
def test_htmx_may_neither_evaluate_nor_run_what_it_swaps_in_s10(till, switch):
    assert f'"{switch}": false' in shopper().get(PAGE).content.decode()


PAGE_PAGE = "/checkout/"


def look(client, query=""):
    return client.get(PAGE_PAGE + query)


def test_opening_the_page_makes_no_order_and_calls_nobody(till):
    for _ in range(3):
        assert look(shopper()).status_code == 200
    assert till.calls() == []
    assert not Order.objects.exists()


def test_the_page_shows_the_total_and_asks_for_an_email(till):
    html = look(shopper()).content.decode()
    assert "£42.00" in html
    assert 'autocomplete="email"' in html


def test_reloading_while_a_payment_is_open_asks_for_the_same_one_by_itself(till):
    ada = shopper()
    open_payment(ada)
    till.forget_calls()
    html = look(ada).content.decode()
    assert 'id="resume"' in html
    assert f'value="{ADA}"' in html
    assert till.calls() == []


def test_the_email_can_be_changed(till):
    ada = shopper()
    open_payment(ada)
    html = look(ada, "?change").content.decode()
    assert 'id="details"' in html
    assert f'value="{ADA}"' in html


def test_an_empty_bag_leads_back_to_the_shop(till):
    html = look(shopper(None)).content.decode()
    assert "bag is empty" in html
    assert 'href="/"' in html


def test_a_total_below_the_minimum_is_told_before_the_checkout(till):
    assert "too small" in look(shopper(29)).content.decode()


def test_a_bag_that_is_already_paid_leads_to_its_order_and_never_to_a_form_f64(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    open_payment(ada)
    order = Order.objects.get()
    assert look(ada)["Location"] == reverse("htmx_checkout:status", args=[order.token])


def test_the_page_is_never_stored_by_a_cache(till):
    assert "no-store" in look(shopper())["Cache-Control"]


def test_an_order_source_that_names_an_email_saves_the_typing(till, settings):
    source = lambda request: draft(email=ADA)  # noqa: E731
    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": source}
    assert f'value="{ADA}"' in look(Client()).content.decode()


@pytest.mark.parametrize("part", ["name", "note", "image"])
def test_names_from_the_host_are_escaped_s10(till, settings, part):
    words = {"name": "Ink"} | {part: '"><script>alert(1)</script>'}
    line = Line(amount=4200, **words)
    source = lambda request: draft(line)  # noqa: E731
    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": source}
    assert "<script>alert" not in look(Client()).content.decode()


def test_the_summary_alone_follows_the_bag(till):
    ada = shopper()
    fill(ada, 5600)
    html = ada.get(reverse("htmx_checkout:summary")).content.decode()
    assert "£56.00" in html
    assert "<html" not in html


def test_a_payment_page_lets_in_stripe_and_nobody_else(till):
    policy = look(shopper())["Content-Security-Policy"]
    hosts = {word for word in policy.split() if word.startswith("http")}
    assert {host.rstrip(";") for host in hosts} == {till.base_url}
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_without_a_stand_in_the_hosts_are_stripes_own(till, settings):
    given = {
        k: v
        for k, v in settings.CHECKOUT.items()
        if k not in ("API_BASE", "SCRIPT_URL")
    }
    settings.CHECKOUT = given
    response = look(shopper())
    policy = response["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "frame-src https://js.stripe.com" in policy
    assert "https://api.stripe.com" in policy
    html = response.content.decode()
    assert html.count('src="https://js.stripe.com/endive/stripe.js"') == 1


def test_pages_that_take_no_payment_let_in_nobody(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    open_payment(ada)
    url = reverse("htmx_checkout:status", args=[Order.objects.get().token])
    response = ada.get(url)
    assert "http" not in response["Content-Security-Policy"]
    assert "stripe.js" not in response.content.decode()


def test_the_base_policy_of_the_site_names_no_third_party():
    assert "http" not in str(settings.SECURE_CSP)


def test_all_our_javascript_is_one_inline_script_of_at_most_2500_bytes(till):
    html = look(shopper()).content.decode()
    scripts = html.split("<script")[1:]
    inline = [part for part in scripts if "src=" not in part.split(">")[0]]
    assert len(inline) == 1
    code = inline[0].split(">", 1)[1].split("</script>")[0]
    assert len(code.encode()) <= 2500
    assert "initialize()" in code
    assert "handleSubmit(" in code


def test_each_script_of_the_page_carries_the_nonce(till):
    response = look(shopper())
    nonce = response["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
    html = response.content.decode()
    assert html.count("<script") == html.count(f'nonce="{nonce}"') == 3


def test_the_csrf_token_is_given_once_globally_for_both_majors_of_htmx(till):
    body = look(shopper()).content.decode().split("<body")[1].split(">")[0]
    assert 'hx-headers=\'{"X-CSRFToken":' in body
    assert 'hx-headers:inherited=\'{"X-CSRFToken":' in body


def test_a_boosted_link_is_followed_by_the_browser_itself(till):
    response = shopper().get(
        PAGE_PAGE, headers={"HX-Request": "true", "HX-Boosted": "true"}
    )
    assert response["HX-Redirect"] == PAGE_PAGE


def test_looking_around_makes_no_session(till):
    passer_by = Client()
    look(passer_by)
    assert not passer_by.cookies.get("sessionid")


def test_a_host_without_a_name_has_a_way_back_in_words(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"SHOP_NAME": ""}
    html = look(shopper()).content.decode()
    assert ">Back to the shop</a>" in html
    assert "To pay" in html
