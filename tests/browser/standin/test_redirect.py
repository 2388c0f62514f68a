"""Methods that send the shopper to a bank and back."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def at_the_bank(till, api):
    intent = api.intent(currency="eur")
    till.mount(intent["client_secret"])
    till.frame().get_by_role("tab", name="iDEAL").click()
    till.start(redirect="if_required")
    till.tab.wait_for_url(re.compile("/bank/"))
    return till.tab, intent


def test_the_banks_page_says_what_it_is(at_the_bank):
    tab, _ = at_the_bank
    expect(tab.get_by_text("no money moves")).to_be_visible()
    expect(tab.get_by_text("EUR 42.00")).to_be_visible()


def test_authorising_leads_back_with_a_paid_intent(at_the_bank, api):
    tab, intent = at_the_bank
    tab.get_by_role("button", name="Authorize Test Payment").click()
    tab.wait_for_url(re.compile("/return"))
    assert "order=7" in tab.url
    assert f"payment_intent={intent['id']}" in tab.url
    assert "redirect_status=succeeded" in tab.url
    assert api.status(intent) == "succeeded"


def test_refusing_leads_back_with_a_failed_one(at_the_bank, api):
    tab, intent = at_the_bank
    tab.get_by_role("button", name="Fail Test Payment").click()
    tab.wait_for_url(re.compile("/return.*redirect_status=failed"))
    assert api.status(intent) == "requires_payment_method"


def test_an_unknown_visit_is_a_plain_page(standin_tab, standin):
    answer = standin_tab.request.get(f"{standin.base_url}/bank/bank_nobody")
    assert answer.status == 404
    assert "There is nothing here" in answer.text()


def test_a_redirect_method_without_a_return_url_is_a_mistake(till, api):
    till.mount(api.intent(currency="eur")["client_secret"])
    till.frame().get_by_role("tab", name="iDEAL").click()
    till.until("shop.events.at(-1).value?.type === 'ideal'")
    mistake = till.run(
        "return shop.mistake(() => shop.stripe.confirmPayment("
        "{elements: shop.elements, redirect: 'if_required'}))"
    )
    assert mistake["name"] == "IntegrationError"
