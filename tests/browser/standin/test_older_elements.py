"""The Card Element, for pages that were written before the Payment Element.

`proofs` has the other Elements and their calls.
"""

from tests.browser.standin.card_element import confirm, type_card


def test_the_card_element_pays_with_confirm_card_payment(card_till, api):
    intent = api.intent()
    type_card(card_till, "4242424242424242")
    confirm(card_till, intent)
    assert card_till.answer()["paymentIntent"]["status"] == "succeeded"
    paid = api.get(f"/v1/payment_intents/{intent['id']}")
    method = api.get(f"/v1/payment_methods/{paid['payment_method']}")
    assert method["billing_details"]["name"] == "Ada Lovelace"
