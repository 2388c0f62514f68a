"""Programming mistakes are thrown by name; what a shopper does never is."""

import pytest

# What each mistake may use: an instance, and groups by secret and by amount.
TOOLS = """
const stripe = Stripe('pk_test_standin');
const group = (more) => stripe.elements({clientSecret: secret, ...more});
const later = (more) => stripe.elements(
  {mode: 'payment', amount: 100, currency: 'gbp', ...more});
const confirm = (given) => stripe.confirmPayment(given);
"""

MISTAKES = {
    "no key": "Stripe()",
    "an empty key": "Stripe('')",
    "a secret key": "Stripe('sk_test_standin')",
    "a live key": "Stripe('pk_live_standin')",
    "no secret where one is named": "group({clientSecret: undefined})",
    "a secret that is none": "group({clientSecret: 'pi_1'})",
    "both modes at once": "later({clientSecret: secret})",
    "deferred without an amount": "later({amount: undefined})",
    "retired method types": "later({paymentMethodTypes: ['card']})",
    "an unknown element": "group().create('wishlist')",
    "a second payment element": (
        "const one = group(); one.create('payment'); one.create('payment')"
    ),
    "a payment element of no intent": "stripe.elements().create('payment')",
    "an address without a mode": "group().create('address')",
    "a place that is not there": "group().create('payment').mount('#nowhere')",
    "no place at all": "group().create('payment').mount()",
    "an unknown event": "group().create('payment').on('changed', () => 0)",
    "a listener that is none": "group().create('payment').on('change')",
    "use after destroy": (
        "const gone = group().create('payment'); gone.destroy();"
        "gone.mount('#payment-element')"
    ),
    "no return url": "return confirm({clientSecret: secret})",
    "a return url that is not absolute": (
        "return confirm({clientSecret: secret, confirmParams: {return_url: '/r'}})"
    ),
    "an element that is not mounted": (
        "const elements = group(); elements.create('payment');"
        "return confirm({elements, redirect: 'if_required'})"
    ),
    "a group of another instance": (
        "const elements = group();"
        "elements.create('payment').mount('#payment-element');"
        "return Stripe('pk_test_standin').confirmPayment("
        "{elements, redirect: 'if_required'})"
    ),
    "no secret to confirm": "return confirm({redirect: 'if_required'})",
    "card digits from the page": (
        "return stripe.createPaymentMethod("
        "{type: 'card', card: {number: '4242424242424242'}})"
    ),
    "fetchUpdates in deferred mode": "return later().fetchUpdates()",
    "an absent function": "return stripe.initCheckoutElementsSdk({})",
}


@pytest.fixture(scope="module")
def mistakes(standin_context, shop_origin):
    """All of them in one page: each is thrown before anything is asked for."""
    tab = standin_context.new_page()
    tab.goto(f"{shop_origin}/pay")
    cases = ",".join(
        f"{name!r}: async (secret) => {{ {TOOLS} {body} }}"
        for name, body in MISTAKES.items()
    )
    found = tab.evaluate(
        f"""async () => {{
            const found = {{}};
            for (const [name, call] of Object.entries({{{cases}}})) {{
                found[name] = await shop.mistake(() => call('pi_1_secret_2'));
            }}
            return found;
        }}"""
    )
    yield found
    tab.close()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_programming_mistake_is_an_integration_error(mistakes, name):
    assert mistakes[name] is not None, "nothing was thrown"
    assert mistakes[name]["name"] == "IntegrationError"
    assert mistakes[name]["message"]


def test_a_hidden_field_must_be_supplied_by_the_host(till, api):
    fields = {"fields": {"billingDetails": {"address": {"country": "never"}}}}
    till.mount(api.intent()["client_secret"], element=fields)
    assert till.frame().locator("[name=country]").count() == 0
    till.fill("4242424242424242")
    assert till.pay()["thrown"] == "IntegrationError"
    till.run(
        """
        const payment_method_data = {billing_details: {address: {country: 'DE'}}};
        shop.confirm({redirect: 'if_required', confirmParams: {payment_method_data}});
        """
    )
    assert till.answer()["paymentIntent"]["status"] == "succeeded"
