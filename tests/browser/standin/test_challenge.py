"""3D Secure in the page: a box over the shop, and what each way out of it means."""

import re

import pytest
from playwright.sync_api import expect

NEEDS_3DS = "4000002500003155"
DECLINED_AFTER_3DS = "4000008260003178"


@pytest.fixture
def asked(till, api):
    """The payment page with the challenge open, and the intent that waits for it."""
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill(NEEDS_3DS)
    till.start()
    expect(till.challenge().locator("#test-source-authorize-3ds")).to_be_visible()
    return till, intent


def test_completing_the_challenge_pays(asked, api):
    till, intent = asked
    till.challenge().get_by_role("button", name="Complete").click()
    assert till.answer()["paymentIntent"]["status"] == "succeeded"
    assert api.status(intent) == "succeeded"


def test_failing_the_challenge_is_an_error_with_the_intent_inside(asked):
    till, _ = asked
    till.challenge().locator("#test-source-fail-3ds").click()
    error = till.answer()["error"]
    assert error["type"] == "invalid_request_error"
    assert error["code"] == "payment_intent_authentication_failure"
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert error["message"].startswith("We are unable to authenticate")


def test_closing_the_challenge_is_a_failure_too(asked, api):
    till, intent = asked
    outer = till.tab.frame_locator("body > iframe[name^=__privateStripeFrame]")
    outer.get_by_role("button", name="Close").click()
    error = till.answer()["error"]
    assert error["code"] == "payment_intent_authentication_failure"
    assert api.status(intent) == "requires_payment_method"


def test_escape_closes_the_challenge(asked):
    till, _ = asked
    till.challenge().locator("body").press("Escape")
    assert till.answer()["error"]["code"] == "payment_intent_authentication_failure"


def test_the_shop_behind_the_challenge_cannot_be_reached_meanwhile(asked):
    till, _ = asked
    form = till.tab.locator("#payment-form")
    expect(form).to_have_js_property("inert", True)
    inside = "document.activeElement.matches('body > iframe')"
    for _step in range(6):
        till.tab.keyboard.press("Tab")
        assert till.tab.evaluate(
            f"{inside} || document.activeElement === document.body"
        )
    till.challenge().get_by_role("button", name="Complete").click()
    till.answer()
    expect(form).to_have_js_property("inert", False)
    assert till.tab.locator("body > iframe").count() == 0


def test_focus_comes_back_to_where_it_was(till, api):
    till.mount(api.intent()["client_secret"])
    till.fill(NEEDS_3DS)
    till.tab.locator("#pay").focus()
    till.start()
    till.challenge().get_by_role("button", name="Fail").click()
    till.answer()
    expect(till.tab.locator("#pay")).to_be_focused()


def test_grace_fails_the_challenge_and_pays_with_another_card(asked):
    till, _ = asked
    till.challenge().get_by_role("button", name="Fail").click()
    till.answer()
    till.fill("4242424242424242")
    assert till.pay()["paymentIntent"]["status"] == "succeeded"


def test_a_card_may_pass_the_challenge_and_be_declined(till, api):
    till.mount(api.intent()["client_secret"])
    till.fill(DECLINED_AFTER_3DS)
    till.start()
    till.challenge().get_by_role("button", name="Complete").click()
    error = till.answer()["error"]
    assert (error["type"], error["code"]) == ("card_error", "card_declined")
    assert error["payment_intent"]["status"] == "requires_payment_method"


def test_after_the_challenge_the_page_goes_to_the_return_url(till, api):
    till.mount(api.intent()["client_secret"])
    till.fill(NEEDS_3DS)
    till.start(redirect="always")
    till.challenge().get_by_role("button", name="Complete").click()
    till.tab.wait_for_url(re.compile("/return.*redirect_status=succeeded"))


def test_the_next_action_of_a_server_side_confirmation_is_handled(till, api):
    intent = api.intent(
        confirm=True,
        payment_method="pm_card_authenticationRequired",
        use_stripe_sdk=True,
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"},
    )
    till.run(
        """
        shop.stripe = Stripe('pk_test_standin');
        shop.answer = shop.stripe.handleNextAction({clientSecret: secret});
        """,
        secret=intent["client_secret"],
    )
    till.challenge().get_by_role("button", name="Complete").click()
    assert till.answer()["paymentIntent"]["status"] == "succeeded"


def test_without_the_script_the_challenge_is_a_page_that_leads_back(
    standin_tab, till, api
):
    intent = api.intent(
        confirm=True,
        payment_method="pm_card_authenticationRequired",
        return_url=f"{till.origin}/return",
    )
    action = intent["next_action"]["redirect_to_url"]
    standin_tab.goto(action["url"])
    expect(standin_tab.get_by_text("no money moves")).to_be_visible()
    standin_tab.get_by_role("button", name="Complete").click()
    standin_tab.wait_for_url(re.compile(f"/return.*payment_intent={intent['id']}"))
    assert api.status(intent) == "succeeded"
    standin_tab.goto(action["url"])
    expect(standin_tab.get_by_role("heading")).to_have_text("This has been answered")
