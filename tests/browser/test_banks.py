"""Ways to pay whose bank answers later, or on a page of its own."""

import pytest
from playwright.sync_api import expect

from htmx_checkout.models import Order
from tests.browser.shopper import charges, until


@pytest.fixture
def ada(ada):
    return ada.reach_payment("eur", notebook=2)


def test_a_debit_is_confirmed_for_days_and_then_seen_as_paid_by_itself(ada, standin):
    # Without webhooks: what the page says, it has asked for.
    standin.server.engine.deliveries.mischief.drop_all = True
    expect(ada.pay_button).to_have_text("Pay €33.00")
    ada.type_debit().pay().sees("processing").is_told("do not pay again")
    standin.later(60)
    ada.sees("paid")
    assert [charge.currency for charge in charges(standin)] == ["eur"]


def test_a_debit_whose_tab_was_closed_is_paid_by_the_webhook(ada, standin):
    ada.type_debit().pay().sees("processing")
    address = ada.page.url
    ada.page.goto("about:blank")
    standin.later(60)
    until(lambda: Order.objects.get().is_paid)
    ada.page.goto(address)
    ada.sees("paid")


def test_a_debit_that_the_bank_sends_back_is_told_and_can_be_paid_otherwise(
    ada, standin
):
    ada.type_debit("AT861904300235473202").pay().sees("processing")
    standin.later(60)
    ada.sees("declined").is_told("Nothing was charged")
    ada.page.get_by_role("link", name="Try again").click()
    ada.see_element().choose("card").type_card().pay().sees("paid")
    assert Order.objects.count() == 1


def test_a_bank_page_that_agrees_leads_back_to_paid_and_a_clean_address(ada):
    ada.choose("ideal").pay()
    ada.page.get_by_role("button", name="Authorize Test Payment").click()
    ada.sees("paid")
    assert ada.page.url == ada.url + f"/checkout/status/{Order.objects.get().token}/"


def test_a_bank_page_that_refuses_leads_back_to_another_try(ada):
    ada.choose("ideal").pay()
    ada.page.get_by_role("button", name="Fail Test Payment").click()
    ada.sees("declined").is_told("Nothing was charged")
    ada.page.get_by_role("link", name="Try again").click()
    ada.see_element().choose("ideal").pay()
    ada.page.get_by_role("button", name="Authorize Test Payment").click()
    ada.sees("paid")


def test_a_session_that_ends_at_the_bank_is_no_loss(ada):
    ada.choose("ideal").pay()
    button = ada.page.get_by_role("button", name="Authorize Test Payment")
    button.wait_for()
    ada.page.context.clear_cookies()
    button.click()
    ada.sees("paid")
    ada.page.reload()
    ada.sees("paid")


def test_leaving_the_bank_page_by_back_leads_to_the_same_payment(ada, standin):
    ada.choose("ideal").pay()
    ada.page.get_by_role("button", name="Authorize Test Payment").wait_for()
    ada.back()
    ada.see_element().choose("card").type_card().pay().sees("paid")
    assert len(standin.client.v1.payment_intents.list().data) == 1
