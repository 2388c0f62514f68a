"""The Card Element on the embedding page: what its tests type and call."""

MOUNT = """
shop.stripe = Stripe('pk_test_standin');
shop.elements = shop.stripe.elements();
shop.card = shop.elements.create('card', {hidePostalCode: true});
await shop.settle(shop.card, '#payment-element');
"""


def type_card(till, number, expiry="12 / 34", code="123"):
    fields = till.frame()
    fields.locator("[name=cardnumber]").fill(number)
    fields.locator("[name=exp-date]").fill(expiry)
    fields.locator("[name=cvc]").fill(code)


def confirm(till, intent):
    till.run(
        """
        shop.answer = shop.stripe.confirmCardPayment(secret, {
          payment_method: {card: shop.card, billing_details: {name: 'Ada Lovelace'}},
        });
        """,
        secret=intent["client_secret"],
    )
