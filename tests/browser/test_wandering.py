"""Reload, Back and two tabs: the same payment, wherever the shopper comes from."""

import re

from playwright.sync_api import expect

from htmx_checkout.models import Order
from tests.browser.shopper import charges, confirms


def intents(standin):
    return standin.client.v1.payment_intents.list().data


def creations(standin):
    return [verb for verb in standin.verbs() if verb == "POST /v1/payment_intents"]


def test_a_reload_opens_the_same_payment(ada, standin):
    ada.reach_payment().type_card()
    ada.page.reload()
    ada.see_element().type_card().pay().sees("paid")
    assert len(creations(standin)) == len(intents(standin)) == 1


def test_a_reload_before_the_contact_step_is_done_creates_nothing(ada, standin):
    ada.hold(notebook=1).visit("htmx_checkout:page")
    ada.page.reload()
    expect(ada.email).to_be_visible()
    assert standin.verbs() == []


def test_back_from_the_shop_asks_the_server_again_and_opens_the_same_payment(
    ada, standin
):
    ada.reach_payment().type_card()
    ada.page.get_by_role("link", name="Fern & Quill").click()
    expect(ada.page.get_by_role("heading", level=1)).to_contain_text("Paper")
    ada.back()
    ada.see_element().type_card().pay().sees("paid")
    assert len(creations(standin)) == len(intents(standin)) == 1


def test_a_page_that_a_browser_kept_whole_asks_the_server_when_it_comes_back(ada):
    """Chromium keeps no page that says `no-store`, but other browsers do."""

    def without_cache_control(route):
        answer = route.fetch()
        kept = {k: v for k, v in answer.headers.items() if k != "cache-control"}
        route.fulfill(response=answer, headers=kept)

    # An answer that passed through a test's hands has lost its address.
    ada.page.context.grant_permissions(["local-network-access"])
    ada.page.route(re.compile(r"/checkout/(payment/)?$"), without_cache_control)
    ada.page.add_init_script(
        'addEventListener("pageshow", (event) =>'
        ' event.persisted && console.info("kept whole"))'
    )
    said = []
    ada.page.on("console", lambda message: said.append(message.text))
    ada.reach_payment()
    ada.page.goto(ada.url + "/static/shop/favicon.svg")
    ada.rearrange(notebook=2)
    ada.back()
    expect(ada.total).to_have_text("£28.00")
    expect(ada.pay_button).to_have_text("Pay £28.00")
    ada.see_element()
    assert "kept whole" in said


def test_back_after_paying_shows_that_it_is_paid_and_no_form(ada, standin):
    ada.reach_payment().type_card().pay().sees("paid")
    with ada.page.expect_navigation():
        ada.back()
    ada.sees("paid")
    assert len(charges(standin)) == 1


def test_a_tab_that_is_still_at_the_contact_step_learns_that_it_is_paid(ada, standin):
    other = ada.reach_payment().type_card().another_tab()
    other.visit("htmx_checkout:page", query="?change")
    ada.pay().sees("paid")
    other.go_on().sees("paid")
    assert len(charges(standin)) == 1


def test_two_tabs_that_both_pay_charge_once_and_both_say_paid(ada, standin):
    ada.reach_payment().type_card()
    other = ada.another_tab().visit("htmx_checkout:page").see_element().type_card()
    ada.pay().sees("paid")
    other.pay().sees("paid")
    assert len(charges(standin)) == len(intents(standin)) == 1
    assert Order.objects.count() == 1


def test_two_tabs_that_pay_in_the_same_moment_charge_once(ada, standin):
    ada.reach_payment().type_card()
    other = ada.another_tab().visit("htmx_checkout:page").see_element().type_card()
    ada.pay_button.evaluate("button => { setTimeout(() => button.click(), 300) }")
    other.pay_button.evaluate("button => { setTimeout(() => button.click(), 200) }")
    ada.sees("paid")
    other.sees("paid")
    assert len([charge for charge in charges(standin) if charge.paid]) == 1
    assert len(confirms(standin)) >= 1


def test_the_contact_step_of_a_second_tab_leads_to_the_same_payment(ada, standin):
    ada.hold(notebook=2).visit("htmx_checkout:page")
    other = ada.another_tab().visit("htmx_checkout:page")
    ada.go_on().see_element()
    other.go_on().see_element()
    assert len(creations(standin)) == len(intents(standin)) == 1


def test_the_email_can_be_changed_and_reaches_the_receipt(ada, standin):
    ada.reach_payment()
    ada.page.get_by_role("link", name="Change").click()
    ada.go_on("ada.quill@example.com").see_element()
    ada.type_card().pay().sees("paid").is_told("ada.quill@example.com")
    assert [one.receipt_email for one in intents(standin)] == ["ada.quill@example.com"]
