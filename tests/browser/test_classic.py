"""The classic way: a script of the host's own, and JSON instead of a partial.

The page is in ``tests/classic``. Its script reads the token from the hidden
``csrfmiddlewaretoken`` and sends it as X-CSRFToken.
"""

import pytest
from playwright.sync_api import expect

from htmx_checkout.models import Order
from tests.browser.shopper import DECLINED, charges, until

pytestmark = pytest.mark.urls("tests.support.urls_classic")


@pytest.fixture
def ada(ada, settings):
    """Ada before the classic page's Element, with 42 pounds to pay."""
    settings.CHECKOUT = settings.CHECKOUT | {
        "ORDER_SOURCE": "htmx_checkout.sources.session_total",
        "CURRENCY": "gbp",
    }
    return ada


def says(ada, words):
    expect(ada.message).to_contain_text(words)


def test_a_classic_script_pays_and_its_own_check_status_says_succeeded(ada, standin):
    ada.visit("classic-buy").see_element().type_card()
    ada.page.click("#submit")
    says(ada, "succeeded")
    assert "payment_intent_client_secret" in ada.page.url
    assert [charge.amount for charge in charges(standin)] == [4200]
    # No page of ours was opened, so it was the webhook that brought the news.
    until(lambda: Order.objects.get().is_paid)


def test_a_classic_script_that_comes_back_to_us_lands_on_a_clean_status_page(ada):
    ada.visit("classic-buy").visit("classic-pay", query="?home=server")
    ada.see_element().type_card()
    ada.page.click("#submit")
    ada.sees("paid").is_told("Paid", "£42.00")
    assert "secret" not in ada.page.url


def test_a_decline_is_said_by_the_classic_script_and_another_card_pays(ada):
    ada.visit("classic-buy").see_element().type_card(DECLINED)
    ada.page.click("#submit")
    says(ada, "declined")
    ada.type_card()
    ada.page.click("#submit")
    says(ada, "succeeded")


def test_what_is_refused_is_said_by_the_classic_script(ada, watch):
    watch.expect("422")
    ada.visit("classic-pay")
    says(ada, "bag is empty")
