"""Cards that a customer keeps: the box, the list, and paying by one of them."""

import pytest
from playwright.sync_api import expect

FEATURES = {
    "payment_method_redisplay": "enabled",
    "payment_method_save": "enabled",
    "payment_method_save_usage": "off_session",
}


@pytest.fixture
def ada(api):
    return api.post("/v1/customers", name="Ada")


def mount(till, api, customer, features=FEATURES):
    components = {"payment_element": {"enabled": True, "features": features}}
    session = api.post(
        "/v1/customer_sessions", customer=customer["id"], components=components
    )
    intent = api.intent(customer=customer["id"])
    secret = session["client_secret"]
    till.mount(intent["client_secret"], options={"customerSessionClientSecret": secret})
    return intent


def keep_one(till, api, customer):
    mount(till, api, customer)
    till.fill("4242424242424242")
    till.frame().get_by_role("checkbox", name="Save this card").check()
    till.until("shop.events.at(-1).value.savePaymentMethod")
    return till.pay()["paymentIntent"]


def test_a_ticked_box_keeps_the_card_and_the_next_visit_shows_it(till, api, ada):
    assert keep_one(till, api, ada)["setup_future_usage"] == "off_session"
    till.open()
    intent = mount(till, api, ada)
    kept = till.frame().get_by_role("radio", name="Visa ending in 4242")
    expect(kept).to_be_checked()
    expect(till.frame().locator("[name=number]")).to_be_hidden()
    last = till.events("change")[-1]
    assert last["complete"]
    assert last["value"]["payment_method"]["id"].startswith("pm_")
    assert till.pay()["paymentIntent"]["status"] == "succeeded"
    assert api.status(intent) == "succeeded"


def test_another_card_may_pay_instead(till, api, ada):
    keep_one(till, api, ada)
    till.open()
    mount(till, api, ada)
    till.frame().get_by_role("radio", name="Another card").check()
    till.fill("5555555555554444")
    paid = till.pay()["paymentIntent"]
    method = api.get(f"/v1/payment_methods/{paid['payment_method']}")
    assert (method["card"]["last4"], method["customer"]) == ("4444", None)


def test_without_the_box_ticked_nothing_is_kept(till, api, ada):
    mount(till, api, ada)
    till.fill("4242424242424242")
    till.pay()
    at = f"/v1/customers/{ada['id']}/payment_methods"
    assert api.get(at)["data"] == []


def test_a_shop_that_asks_for_neither_shows_neither(till, api, ada):
    mount(till, api, ada, features={"payment_method_save": "disabled"})
    expect(till.frame().get_by_role("checkbox")).to_have_count(0)
    expect(till.frame().get_by_role("radio")).to_have_count(0)


def test_a_wallet_pays_although_the_card_beside_it_is_empty(till, api):
    intent = api.intent()
    till.run(
        """
        const bag = {mode: 'payment', amount: 4200, currency: 'gbp'};
        shop.stripe = Stripe('pk_test_standin');
        shop.elements = shop.stripe.elements(bag);
        shop.wallet = shop.elements.create('expressCheckout');
        shop.wallet.on('confirm', async () => {
          shop.submitted = await shop.elements.submit();
          shop.confirm({redirect: 'if_required', clientSecret: secret});
        });
        await shop.settle(shop.wallet, '#payment-element');
        await shop.settle(shop.elements.create('payment'), '#second-element');
        """,
        secret=intent["client_secret"],
    )
    till.frame().get_by_role("button").click()
    sheet = till.tab.frame_locator("body > iframe[name^=__privateStripeFrame]")
    sheet.get_by_role("button", name="Pay £42.00").click()
    till.until("shop.answer")
    assert till.answer()["paymentIntent"]["status"] == "succeeded"
