"""confirmPayment: what resolves, what navigates, and what the shopper may do next."""

import re

from playwright.sync_api import expect


def test_ada_pays_and_the_promise_resolves_with_her_intent(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill("4242424242424242")
    paid = till.pay()["paymentIntent"]
    assert (paid["id"], paid["status"]) == (intent["id"], "succeeded")
    assert "metadata" not in paid
    assert api.status(intent) == "succeeded"


def test_by_default_the_page_goes_to_the_return_url(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill("4242424242424242")
    till.start(redirect="always")
    till.tab.wait_for_url(re.compile("/return"))
    for part in (
        "order=7",
        f"payment_intent={intent['id']}",
        f"payment_intent_client_secret={intent['client_secret']}",
        "redirect_status=succeeded",
    ):
        assert part in till.tab.url


def test_grace_is_declined_and_pays_with_another_card_in_the_same_element(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill("4000000000009995")
    error = till.pay()["error"]
    assert error["type"] == "card_error"
    assert error["decline_code"] == "insufficient_funds"
    assert error["payment_intent"]["status"] == "requires_payment_method"
    till.fill("4242424242424242")
    assert till.pay()["paymentIntent"]["status"] == "succeeded"


def test_a_decline_is_shown_at_the_field_too(till, api):
    till.mount(api.intent()["client_secret"])
    till.fill("4000000000000127")
    assert till.pay()["error"]["code"] == "incorrect_cvc"
    fields = till.frame()
    expect(fields.locator("[name=cvc]")).to_have_attribute("aria-invalid", "true")
    fields.locator("[name=cvc]").fill("321")
    expect(fields.locator("[name=cvc]")).to_have_attribute("aria-invalid", "false")


def test_a_number_that_is_no_test_card_is_refused(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill("4111111111111111")
    assert till.pay()["error"]["type"] in {"card_error", "invalid_request_error"}
    assert api.status(intent) == "requires_payment_method"


def test_deferred_mode_pays_an_intent_that_is_made_after_submit(till, api):
    till.run("await shop.mount({mode: 'payment', amount: 4200, currency: 'gbp'})")
    till.fill("4242424242424242")
    assert till.run("return shop.elements.submit()") == {
        "selectedPaymentMethod": "card"
    }
    intent = api.intent()
    till.run(
        "shop.confirm({redirect: 'if_required', clientSecret: secret})",
        secret=intent["client_secret"],
    )
    assert till.answer()["paymentIntent"]["status"] == "succeeded"


def test_deferred_mode_insists_on_submit_and_on_the_same_amount(till, api):
    till.run("await shop.mount({mode: 'payment', amount: 4200, currency: 'gbp'})")
    till.fill("4242424242424242")
    secret = api.intent(amount=9900)["client_secret"]
    till.run(
        "shop.confirm({redirect: 'if_required', clientSecret: secret})", secret=secret
    )
    assert till.answer()["thrown"] == "IntegrationError"
    till.run("await shop.elements.submit()")
    till.run(
        "shop.confirm({redirect: 'if_required', clientSecret: secret})", secret=secret
    )
    assert till.answer()["error"]["type"] == "invalid_request_error"


def test_fetch_updates_follows_the_server_and_keeps_what_is_typed(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill("4242424242424242")
    api.post(f"/v1/payment_intents/{intent['id']}", amount=5000)
    assert till.run("return shop.elements.fetchUpdates()") == {}
    number = till.frame().locator("[name=number]")
    assert number.input_value() == "4242 4242 4242 4242"
    assert till.pay()["paymentIntent"]["amount"] == 5000


def test_elements_update_says_when_it_is_done(till):
    till.run("await shop.mount({mode: 'payment', amount: 4200, currency: 'gbp'})")
    done = till.run(
        """
        const heard = new Promise((resolve) => {
          shop.elements.on('update-end', () => resolve(true));
        });
        await shop.elements.update({amount: 4300});
        return heard;
        """
    )
    assert done


def test_an_intent_that_is_paid_already_comes_back_in_the_error(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill("4242424242424242")
    till.pay()
    error = till.pay()["error"]
    assert error["code"] == "payment_intent_unexpected_state"
    assert error["payment_intent"]["status"] == "succeeded"


def test_two_confirmations_at_once_charge_once(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill("4242424242424242")
    answers = till.run(
        """
        const given = {elements: shop.elements, redirect: 'if_required'};
        const once = () => shop.stripe.confirmPayment(given);
        return Promise.all([once(), once()]);
        """
    )
    assert sorted("error" in answer for answer in answers) == [False, True]
    assert api.status(intent) == "succeeded"


def test_the_stand_in_gone_is_a_connection_error(till, api, standin):
    till.mount(api.intent()["client_secret"])
    till.tab.route(
        f"{standin.base_url}/v1/**",
        lambda route: route.fulfill(status=200, body="not the answer"),
    )
    till.fill("4242424242424242")
    assert till.pay()["error"]["type"] == "api_connection_error"


def test_retrieving_shows_what_a_publishable_key_may_see(till, api):
    intent = api.intent(metadata={"order": "7"})
    answer = till.run(
        "return Stripe('pk_test_standin').retrievePaymentIntent(secret)",
        secret=intent["client_secret"],
    )
    assert answer["paymentIntent"]["amount"] == 4200
    assert "metadata" not in answer["paymentIntent"]


def test_a_bank_debit_is_processing(till, api):
    intent = api.intent(currency="eur")
    till.mount(intent["client_secret"])
    fields = till.frame()
    fields.get_by_role("tab", name="SEPA").click()
    fields.locator("[name=name]:visible").fill("Ada Lovelace")
    fields.locator("[name=email]:visible").fill("ada@example.com")
    fields.locator("[name=iban]").fill("AT321904300235473204")
    assert till.pay()["paymentIntent"]["status"] == "processing"


def test_the_e_mail_of_link_authentication_reaches_the_payment_method(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.run(
        "const link = shop.elements.create('linkAuthentication');"
        "await shop.settle(link, '#second-element')"
    )
    till.frame(1).locator("[name=email]").fill("ada@example.com")
    till.fill("4242424242424242")
    assert till.pay()["paymentIntent"]["status"] == "succeeded"
    paid = api.get(f"/v1/payment_intents/{intent['id']}")
    method = api.get(f"/v1/payment_methods/{paid['payment_method']}")
    assert method["billing_details"]["email"] == "ada@example.com"


def test_a_confirmation_token_pays_on_the_server(till, api):
    till.run("await shop.mount({mode: 'payment', amount: 4200, currency: 'gbp'})")
    till.fill("4242424242424242")
    answer = till.run(
        """
        await shop.elements.submit();
        return shop.stripe.createConfirmationToken({elements: shop.elements});
        """
    )
    token = answer["confirmationToken"]["id"]
    paid = api.intent(
        confirm=True, confirmation_token=token, return_url="https://example.com/"
    )
    assert paid["status"] == "succeeded"


def test_a_browser_test_may_answer_in_the_stand_ins_place(till, api):
    till.mount(api.intent()["client_secret"])
    declined = {"error": {"type": "card_error", "code": "card_declined"}}
    till.tab.route("**/confirm?*", lambda route: route.fulfill(json=declined))
    till.fill("4242424242424242")
    assert till.pay()["error"]["code"] == "card_declined"
