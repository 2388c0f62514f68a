"""The elements beside the Payment Element: address, and the pretend wallet."""

from playwright.sync_api import expect


def test_the_address_goes_into_the_shipping_of_the_intent(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.run(
        """
        const options = {mode: 'shipping', allowedCountries: ['GB', 'DE']};
        shop.address = shop.elements.create('address', options);
        await shop.settle(shop.address, '#second-element');
        """
    )
    fields = till.frame(1)
    fields.locator("[name=name]").fill("Ada Lovelace")
    fields.locator("[name=line1]").fill("12 St James's Square")
    fields.locator("[name=city]").fill("London")
    fields.locator("[name=postal_code]").fill("SW1Y 4JH")
    till.until(
        "shop.events.at(-1).elementType === 'address' && shop.events.at(-1).complete"
    )
    value = till.run("return shop.address.getValue()")
    assert value["complete"]
    assert value["value"]["address"]["city"] == "London"
    till.fill("4242424242424242")
    assert till.pay()["paymentIntent"]["status"] == "succeeded"
    shipping = api.get(f"/v1/payment_intents/{intent['id']}")["shipping"]
    assert shipping["name"] == "Ada Lovelace"
    assert shipping["address"]["country"] == "GB"


def test_an_unfinished_address_holds_the_payment_back(till, api):
    till.mount(api.intent()["client_secret"])
    till.run(
        """
        const address = shop.elements.create('address', {mode: 'billing'});
        await shop.settle(address, '#second-element');
        """
    )
    till.fill("4242424242424242")
    error = till.run("return shop.elements.submit()")["error"]
    assert error["type"] == "validation_error"
    expect(till.frame(1).get_by_text("This field is incomplete.").first).to_be_visible()


def test_the_pretend_wallet_walks_through_click_sheet_and_confirm(till, api):
    intent = api.intent()
    till.run(
        """
        shop.stripe = Stripe('pk_test_standin');
        const bag = {mode: 'payment', amount: 4200, currency: 'gbp'};
        shop.elements = shop.stripe.elements(bag);
        shop.wallet = shop.elements.create('expressCheckout', {emailRequired: true});
        shop.wallet.on('click', ({resolve}) => resolve());
        shop.wallet.on('confirm', async (event) => {
          shop.events.push({name: 'confirm', email: event.billingDetails.email});
          await shop.elements.submit();
          shop.confirm({redirect: 'if_required', clientSecret: secret});
        });
        shop.wallet.on('ready', ({availablePaymentMethods: offer}) => {
          shop.events.push({name: 'offer', ...offer});
        });
        await shop.settle(shop.wallet, '#payment-element');
        """,
        secret=intent["client_secret"],
    )
    assert till.events("offer")[0]["link"]
    till.frame().get_by_role("button", name="Pay with the stand-in wallet").click()
    sheet = till.tab.frame_locator("body > iframe[name^=__privateStripeFrame]")
    sheet.get_by_role("button", name="Pay £42.00").click()
    till.until("shop.answer")
    assert till.answer()["paymentIntent"]["status"] == "succeeded"
    assert till.events("confirm")[0]["email"] == "ada@example.com"


def test_closing_the_wallet_is_a_cancel(till):
    till.run(
        """
        const bag = {mode: 'payment', amount: 4200, currency: 'gbp'};
        shop.elements = Stripe('pk_test_standin').elements(bag);
        shop.wallet = shop.elements.create('expressCheckout');
        shop.canceled = new Promise((go) => shop.wallet.on('cancel', go));
        await shop.settle(shop.wallet, '#payment-element');
        """
    )
    till.frame().get_by_role("button").click()
    sheet = till.tab.frame_locator("body > iframe[name^=__privateStripeFrame]")
    sheet.get_by_role("button", name="Close").click()
    assert till.run("return (await shop.canceled).elementType") == "expressCheckout"
