"""Pages written for Stripe.js years ago: the card element, tokens, retired calls."""

import pytest
from playwright.sync_api import expect

from tests.browser.standin.card_element import confirm, type_card


def test_a_decline_resolves_as_an_error(card_till, api):
    type_card(card_till, "4000000000000002")
    confirm(card_till, api.intent())
    assert card_till.answer()["error"]["code"] == "card_declined"


def test_the_challenge_opens_for_the_card_element_too(card_till, api):
    type_card(card_till, "4000002760003184")
    confirm(card_till, api.intent())
    card_till.challenge().get_by_role("button", name="Complete").click()
    assert card_till.answer()["paymentIntent"]["status"] == "succeeded"


def test_in_one_line_the_next_field_takes_over_when_one_is_full(card_till, api):
    number = card_till.frame().locator("[name=cardnumber]")
    number.click()
    card_till.tab.keyboard.type("4242424242424242" + "1234" + "123")
    fields = card_till.frame()
    expect(fields.locator("[name=exp-date]")).to_have_value("12 / 34")
    expect(fields.locator("[name=cvc]")).to_have_value("123")
    last = card_till.events("change")[-1]
    assert last["complete"]
    assert last["brand"] == "visa"


def test_a_mistake_is_in_the_change_event_and_on_the_hosts_own_box(card_till):
    type_card(card_till, "4242424242424241")
    card_till.until("shop.events.at(-1).error")
    error = card_till.events("change")[-1]["error"]
    assert error["message"] == "Your card number is invalid."
    box = card_till.tab.locator("#payment-element")
    assert "StripeElement--invalid" in box.get_attribute("class")


def test_create_token_gives_a_token_and_no_digits(card_till):
    type_card(card_till, "4242424242424242")
    answer = card_till.run("return shop.stripe.createToken(shop.card, {name: 'Ada'})")
    token = answer["token"]
    assert token["id"].startswith("tok_")
    assert token["card"]["last4"] == "4242"
    assert "4242424242424242" not in str(answer)


@pytest.mark.parametrize(
    "call",
    [
        "createPaymentMethod({type: 'card', card: shop.card})",
        "createPaymentMethod('card', shop.card)",
    ],
)
def test_a_payment_method_is_made_in_either_spelling(card_till, call):
    type_card(card_till, "5555555555554444")
    answer = card_till.run(f"return shop.stripe.{call}")
    assert answer["paymentMethod"]["card"]["brand"] == "mastercard"


def test_three_frames_together_are_one_card(old_till, api):
    old_till.run(
        """
        shop.stripe = Stripe('pk_test_standin');
        const elements = shop.stripe.elements();
        const parts = {cardNumber: 'payment', cardExpiry: 'second', cardCvc: 'third'};
        for (const [kind, place] of Object.entries(parts)) {
          const element = elements.create(kind);
          await shop.settle(element, `#${place}-element`);
          shop.card ??= element;
        }
        """
    )
    old_till.frame(0).locator("[name=cardnumber]").fill("4242424242424242")
    old_till.frame(1).locator("[name=exp-date]").fill("12/34")
    old_till.frame(2).locator("[name=cvc]").fill("123")
    confirm(old_till, api.intent())
    assert old_till.answer()["paymentIntent"]["status"] == "succeeded"


def test_an_iban_element_starts_a_debit(old_till, api):
    old_till.run(
        """
        shop.stripe = Stripe('pk_test_standin');
        const options = {supportedCountries: ['SEPA']};
        shop.iban = shop.stripe.elements().create('iban', options);
        await shop.settle(shop.iban, '#payment-element');
        """
    )
    old_till.frame().locator("[name=iban]").fill("AT611904300234573201")
    answer = old_till.run(
        """
        const billing_details = {name: 'Ada', email: 'ada@example.com'};
        return shop.stripe.confirmSepaDebitPayment(
          secret, {payment_method: {sepa_debit: shop.iban, billing_details}});
        """,
        secret=api.intent(currency="eur")["client_secret"],
    )
    assert answer["paymentIntent"]["status"] == "processing"


def test_handle_card_payment_still_answers_where_it_lived(card_till, api):
    type_card(card_till, "4242424242424242")
    answer = card_till.run(
        "return shop.stripe.handleCardPayment(secret, shop.card)",
        secret=api.intent()["client_secret"],
    )
    assert answer["paymentIntent"]["status"] == "succeeded"


def test_each_address_of_the_script_says_its_version(till):
    for address, version in (
        ("/v3", 3),
        ("/v3/", 3),
        ("/v3/stripe.js", 3),
        ("/acacia/stripe.js", "acacia"),
        ("/dahlia/stripe.js", "dahlia"),
        ("/endive/stripe.js", "endive"),
    ):
        assert till.open(address).tab.evaluate("Stripe.version") == version


def test_a_train_that_dropped_a_call_throws_and_one_that_had_it_does_not(till):
    throws = (
        "return shop.mistake(async () =>"
        " Stripe('pk_test_standin').confirmPaymentIntent('pi_1_secret_2'))"
    )
    assert till.open("/dahlia/stripe.js").run(throws)["name"] == "IntegrationError"
    assert till.open("/clover/stripe.js").run(throws) is None


def test_no_wallet_is_offered_by_the_old_payment_request(till):
    answer = till.run(
        """
        const request = Stripe('pk_test_standin').paymentRequest({
          country: 'GB', currency: 'gbp', total: {label: 'Bag', amount: 100}});
        return request.canMakePayment();
        """
    )
    assert answer is None
