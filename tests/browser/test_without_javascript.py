"""Without JavaScript the shop is whole, and the checkout says what it needs."""

import pytest
from playwright.sync_api import expect

from htmx_checkout.models import Order
from tests.browser.shopper import Shopper, until
from tests.support.cast import ADA


@pytest.fixture
def ada(open_browser, shop):
    page = open_browser(java_script_enabled=False).new_page()
    return Shopper(page, shop.url)


def needs_javascript(ada):
    return ada.page.locator("noscript .notice").filter(has_text="needs JavaScript")


def test_the_shop_works_by_plain_forms(ada):
    page = ada.visit("shop:shelf").page
    ada.take("Linen notebook")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your bag")
    page.get_by_role("button", name="One Linen notebook more").click()
    expect(page.locator(".bag__total")).to_contain_text("£28.00")
    page.get_by_role("button", name="EUR").click()
    expect(page.locator(".bag__total")).to_contain_text("€33.00")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your bag is empty")


def test_the_contact_step_works_and_the_payment_step_says_what_it_needs(ada, watch):
    watch.expect(r"the server responded with a status of 422")
    ada.hold(notebook=2).visit("htmx_checkout:page").go_on("ada at example")
    expect(ada.page.locator("#email-problem")).to_contain_text("name@example.com")
    ada.go_on()
    expect(ada.page.locator(".done")).to_contain_text(ADA)
    expect(needs_javascript(ada)).to_be_visible()
    expect(needs_javascript(ada)).to_contain_text("Your order is kept")
    # Nothing stands there that looks as if it could take a payment.
    expect(ada.pay_button).to_be_hidden()
    expect(ada.page.locator("#payment-element")).to_be_hidden()
    assert not Order.objects.get().is_paid


def test_the_quantities_on_the_checkout_page_work_by_plain_forms(ada):
    ada.hold(notebook=2).visit("htmx_checkout:page")
    ada.page.get_by_role("button", name="One Linen notebook more").click()
    expect(ada.total).to_have_text("£42.00")
    expect(ada.email).to_be_visible()


def test_a_reload_of_the_payment_step_leads_back_to_it(ada):
    ada.hold(notebook=2).visit("htmx_checkout:page").go_on()
    ada.visit("htmx_checkout:page")
    ada.go_on(email=None)
    expect(needs_javascript(ada)).to_be_visible()


def test_a_status_that_may_change_looks_again_by_itself(ada, standin):
    """By a refresh of the page, which a browser without scripts still does."""
    ada.hold("eur", notebook=2).visit("htmx_checkout:page").go_on()
    order = Order.objects.get()
    standin.pay_by_debit(order.payments.get().stripe_id)
    # Stripe is asked about one order at most once in a second.
    until(lambda: ada.visit("htmx_checkout:status", order.token).is_at("processing"))
    standin.later(60)
    ada.sees("paid")
