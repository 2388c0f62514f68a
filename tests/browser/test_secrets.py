"""What the browser is left with, and what it was ever given."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

ROOT = Path(__file__).parent.parent.parent
SECRET = re.compile(r"(pi_\w+_secret_\w+)|(sk|rk|whsec)_\w+")

STORED = """() => JSON.stringify([
  {...sessionStorage}, {...localStorage}, history.state, document.cookie, window.name,
])"""
DATABASES = "indexedDB.databases().then((all) => all.length)"
CACHES = "globalThis.caches ? caches.keys().then((all) => all.length) : 0"


@pytest.fixture
def visited(ada):
    """Every address that the tab has been at, or that a request has named."""
    addresses = []
    page = ada.page
    page.on("framenavigated", lambda frame: addresses.append(frame.url))
    page.on("request", lambda one: addresses.append(one.headers.get("referer", "")))
    return addresses


def test_nothing_that_is_stored_in_the_browser_holds_a_secret(ada):
    ada.reach_payment()
    ada.page.get_by_role("button", name="One Linen notebook more").click()
    expect(ada.pay_button).to_have_text("Pay £54.50")
    assert not SECRET.search(ada.page.evaluate(STORED))
    ada.page.get_by_role("link", name="Fern & Quill").click()
    expect(ada.page.get_by_role("heading", level=1)).to_contain_text("Paper")
    ada.take("Letter set")
    expect(ada.page.locator("#bag-summary")).to_contain_text("5 items")
    assert not SECRET.search(ada.page.evaluate(STORED))
    ada.back()
    ada.see_element().type_card().pay().sees("paid")
    assert not SECRET.search(ada.page.evaluate(STORED))
    assert ada.page.evaluate(DATABASES) == 0
    assert ada.page.evaluate(CACHES) == 0


def test_after_paying_no_secret_is_in_an_address_or_the_history(ada, visited, shop):
    ada.reach_payment().type_card().pay().sees("paid")
    assert "?" not in ada.page.url
    ours = [address for address in visited if address.startswith(shop.url)]
    assert ada.page.url in ours
    assert not [address for address in ours if SECRET.search(address)]
    assert not SECRET.search(ada.page.content())
    ada.page.evaluate("setTimeout(() => history.back(), 10)")
    expect(ada.page.locator("#problem, #status, #step")).not_to_have_count(0)
    assert "secret" not in ada.page.url


def test_after_a_bank_page_no_secret_is_in_an_address_or_the_history(
    ada, visited, shop
):
    ada.reach_payment("eur").choose("ideal").pay()
    ada.page.get_by_role("button", name="Authorize Test Payment").click()
    ada.sees("paid")
    ours = [address for address in visited if address.startswith(shop.url)]
    assert ada.page.url in ours
    assert not [address for address in ours if SECRET.search(address)]


def test_the_page_holds_one_inline_script_and_no_file_of_ours(ada, shop, standin):
    ada.reach_payment()
    scripts = ada.page.locator("script")
    inline = scripts.evaluate_all("all => all.filter(one => !one.src).length")
    files = scripts.evaluate_all("all => all.map(one => one.src).filter(Boolean)")
    assert inline == 1
    assert files == [
        f"{shop.url}/static/django_htmx/htmx-2.min.js",
        f"{standin.base_url}/endive/stripe.js",
    ]
    assert not list((ROOT / "static").rglob("*.js"))


def test_no_markup_runs_code_or_styles_itself(ada):
    """A policy would stop it; it is not even there."""
    ada.reach_payment()
    found = ada.page.locator("html").evaluate(
        """html => [...html.querySelectorAll("*")].flatMap(one => [...one.attributes])
          .map(one => one.name).filter(name => /^on|^hx-on/.test(name))"""
    )
    assert found == []
    ours = ada.page.locator("#step [style], #summary [style]")
    inside = ada.page.locator("#payment-element [style]")
    assert ours.count() == inside.count()


def test_shop_pages_ask_stripe_for_nothing(ada, standin):
    asked = []
    ada.page.on("request", lambda one: asked.append(one.url))
    ada.hold(notebook=1).visit("shop:shelf").visit("shop:bag")
    assert asked
    assert not [url for url in asked if url.startswith(standin.base_url)]
