"""Programming mistakes are thrown by name; what a shopper does never is."""

import pytest

GROUP = "const elements = Stripe('pk_test_standin').elements({clientSecret: secret});"

MISTAKES = {
    "no key": "Stripe()",
    "an empty key": "Stripe('')",
    "a secret key": "Stripe('sk_test_standin')",
    "a live key": "Stripe('pk_live_standin')",
    "no secret where one is named": "Stripe('pk_test_standin').elements({clientSecret: undefined})",
    "a secret that is none": "Stripe('pk_test_standin').elements({clientSecret: 'pi_1'})",
    "both modes at once": "Stripe('pk_test_standin').elements({clientSecret: secret, mode: 'payment', amount: 1, currency: 'gbp'})",
    "deferred without an amount": "Stripe('pk_test_standin').elements({mode: 'payment', currency: 'gbp'})",
    "retired method types": "Stripe('pk_test_standin').elements({mode: 'payment', amount: 100, currency: 'gbp', paymentMethodTypes: ['card']})",
    "an unknown element": f"{GROUP} elements.create('wishlist')",
    "a second payment element": f"{GROUP} elements.create('payment'); elements.create('payment')",
    "a payment element of no intent": "Stripe('pk_test_standin').elements().create('payment')",
    "an address without a mode": f"{GROUP} elements.create('address')",
    "a place that is not there": f"{GROUP} elements.create('payment').mount('#nowhere')",
    "no place at all": f"{GROUP} elements.create('payment').mount()",
    "an unknown event": f"{GROUP} elements.create('payment').on('changed', () => 0)",
    "a listener that is none": f"{GROUP} elements.create('payment').on('change')",
    "use after destroy": f"{GROUP} const gone = elements.create('payment'); gone.destroy(); gone.mount('#payment-element')",
    "no return url": f"{GROUP} return Stripe('pk_test_standin').confirmPayment({{clientSecret: secret}})",
    "a return url that is not absolute": "return Stripe('pk_test_standin').confirmPayment({clientSecret: secret, confirmParams: {return_url: '/return'}})",
    "an element that is not mounted": "const stripe = Stripe('pk_test_standin'); const elements = stripe.elements({clientSecret: secret}); elements.create('payment'); return stripe.confirmPayment({elements, redirect: 'if_required'})",
    "a group of another instance": f"{GROUP} elements.create('payment').mount('#payment-element'); return Stripe('pk_test_standin').confirmPayment({{elements, redirect: 'if_required'}})",
    "no secret to confirm": "return Stripe('pk_test_standin').confirmPayment({redirect: 'if_required'})",
    "card digits from the page": "return Stripe('pk_test_standin').createPaymentMethod({type: 'card', card: {number: '4242424242424242'}})",
    "fetchUpdates in deferred mode": "return Stripe('pk_test_standin').elements({mode: 'payment', amount: 100, currency: 'gbp'}).fetchUpdates()",
    "an absent function": "return Stripe('pk_test_standin').initCheckoutElementsSdk({})",
}


@pytest.fixture(scope="module")
def mistakes(standin_chromium, shop_origin):
    """All of them in one page: each is thrown before anything is asked for."""
    context = standin_chromium.new_context()
    tab = context.new_page()
    tab.goto(f"{shop_origin}/pay")
    cases = ",".join(
        f"{name!r}: async (secret) => {{ {body} }}" for name, body in MISTAKES.items()
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
    context.close()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_programming_mistake_is_an_integration_error(mistakes, name):
    assert mistakes[name] and mistakes[name]["name"] == "IntegrationError"
    assert mistakes[name]["message"]


def test_a_hidden_field_must_be_supplied_by_the_host(till, api):
    fields = {"fields": {"billingDetails": {"address": {"country": "never"}}}}
    till.mount(api.intent()["client_secret"], element=fields)
    assert till.frame().locator("[name=country]").count() == 0
    till.fill("4242424242424242")
    assert till.pay()["thrown"] == "IntegrationError"
    till.run(
        """
        const billing_details = {address: {country: 'DE'}};
        shop.confirm({redirect: 'if_required', confirmParams: {payment_method_data: {billing_details}}});
        """
    )
    assert till.answer()["paymentIntent"]["status"] == "succeeded"
