"""The hosted page of a Checkout Session: lines, paying, declining, leaving."""

import re

import pytest
from playwright.sync_api import expect


def open_session(api, origin, **given):
    lines = [
        {
            "price_data": {
                "currency": given.pop("currency", "gbp"),
                "unit_amount": 1400,
                "product_data": {"name": "Linen <i>notebook</i>"},
            },
            "quantity": 2,
        }
    ]
    return api.post(
        "/v1/checkout/sessions",
        mode="payment",
        success_url=f"{origin}/return?session={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{origin}/bag",
        line_items=lines,
        **given,
    )


class Hosted:
    def __init__(self, tab, api, origin, **given):
        self.tab, self.api = tab, api
        self.session = open_session(api, origin, **given)
        tab.goto(self.session["url"])

    def pay(self, number):
        self.tab.get_by_label("Email").fill("ada@example.com")
        fields = self.tab.frame_locator("#payment-element iframe")
        fields.locator("[name=number]").fill(number)
        fields.locator("[name=expiry]").fill("12 / 34")
        fields.locator("[name=cvc]").fill("123")
        self.tab.get_by_role("button", name="Pay GBP 28.00").click()

    def now(self):
        return self.api.get(f"/v1/checkout/sessions/{self.session['id']}")


@pytest.fixture
def hosted(standin_tab, api, shop_origin):
    return Hosted(standin_tab, api, shop_origin)


def test_the_page_shows_the_lines_and_the_total_and_escapes_them(hosted):
    expect(hosted.tab.get_by_text("Linen <i>notebook</i>")).to_be_visible()
    expect(hosted.tab.get_by_text("2 at GBP 14.00 each")).to_be_visible()
    expect(hosted.tab.get_by_text("no money moves").first).to_be_visible()


def test_ada_pays_and_lands_on_the_success_url(hosted):
    hosted.pay("4242424242424242")
    hosted.tab.wait_for_url(re.compile(f"/return.session={hosted.session['id']}"))
    session = hosted.now()
    assert (session["status"], session["payment_status"]) == ("complete", "paid")
    assert session["customer_details"]["email"] == "ada@example.com"


def test_grace_is_declined_and_pays_with_another_card(hosted):
    hosted.pay("4000000000000002")
    expect(hosted.tab.locator("#message")).to_contain_text("declined")
    assert hosted.now()["status"] == "open"
    hosted.pay("4242424242424242")
    hosted.tab.wait_for_url(re.compile("/return"))


def test_the_challenge_opens_over_the_hosted_page(hosted):
    hosted.pay("4000002760003184")
    outer = hosted.tab.frame_locator("body > iframe[name^=__privateStripeFrame]")
    inner = outer.frame_locator("iframe[name=stripe-challenge-frame]")
    inner.get_by_role("button", name="Complete").click()
    hosted.tab.wait_for_url(re.compile("/return"))


def test_cancelling_leads_back_and_leaves_the_session_open(hosted):
    hosted.tab.get_by_role("link", name="Cancel").click()
    hosted.tab.wait_for_url(re.compile("/bag"))
    assert hosted.now()["status"] == "open"


def test_a_session_that_is_over_says_so(hosted):
    hosted.api.post(f"/v1/checkout/sessions/{hosted.session['id']}/expire")
    hosted.tab.reload()
    expect(hosted.tab.get_by_role("heading")).to_have_text("This page has expired")


def test_a_bank_leads_through_the_page_to_the_success_url(
    standin_tab, api, shop_origin
):
    hosted = Hosted(standin_tab, api, shop_origin, currency="eur")
    hosted.tab.get_by_label("Email").fill("ada@example.com")
    fields = hosted.tab.frame_locator("#payment-element iframe")
    fields.get_by_role("tab", name="iDEAL").click()
    hosted.tab.get_by_role("button", name="Pay EUR 28.00").click()
    hosted.tab.get_by_role("button", name="Authorize Test Payment").click()
    hosted.tab.wait_for_url(re.compile("/return"))
    assert hosted.now()["payment_status"] == "paid"


def test_redirect_to_checkout_leads_there_on_old_pages(old_till, api):
    session = open_session(api, old_till.origin)
    old_till.run(
        "Stripe('pk_test_standin').redirectToCheckout({sessionId: id})",
        id=session["id"],
    )
    old_till.tab.wait_for_url(re.compile(f"/c/pay/{session['id']}"))
