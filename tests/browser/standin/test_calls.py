"""Every call that Stripe publishes is there, if only to say what is missing."""

# The methods of `Stripe` in the types of @stripe/stripe-js 10.2.
PAYMENTS = """
AcssDebit Affirm AfterpayClearpay Alipay AmazonPay AuBecsDebit Bancontact Billie Blik
Boleto Card Cashapp CustomerBalance Eps Fpx Giropay GrabPay Ideal Klarna Konbini
Mobilepay Multibanco Oxxo P24 PayByBank PayNow PayPal Pix PromptPay RevolutPay
SepaDebit Sofort Twint UsBankAccount WechatPay
"""
SETUPS = """
AcssDebit AmazonPay AuBecsDebit BacsDebit Bancontact Card Cashapp Ideal PayPal
SepaDebit Sofort UsBankAccount
"""
OTHERS = """
collectBankAccountForPayment collectBankAccountForSetup collectBankAccountToken
collectFinancialConnectionsAccounts confirmPayment confirmSetup createConfirmationToken
createEmbeddedCheckoutPage createEphemeralKeyNonce createPaymentMethod
createRadarSession createToken elements handleCardAction handleNextAction
initCheckoutElementsSdk initCheckoutFormSdk initializePricing paymentRequest
processOrder registerAppInfo retrieveOrder retrievePaymentIntent retrieveSetupIntent
verifyIdentity verifyMicrodepositsForPayment verifyMicrodepositsForSetup
"""
NAMES = [
    *OTHERS.split(),
    *(f"confirm{name}Payment" for name in PAYMENTS.split()),
    *(f"confirm{name}Setup" for name in SETUPS.split()),
]


def test_every_published_call_is_a_function(till):
    lacking = till.run(
        """
        const stripe = Stripe('pk_test_standin');
        return names.filter((name) => typeof stripe[name] !== 'function');
        """,
        names=NAMES,
    )
    assert lacking == []


def test_a_call_that_is_not_imitated_says_so(till):
    mistake = till.run(
        "return shop.mistake(() => Stripe('pk_test_standin').createRadarSession())"
    )
    assert mistake["name"] == "IntegrationError"
    assert "is not in the stand-in" in mistake["message"]


def test_a_method_that_is_not_offered_is_refused_by_the_api(till, api):
    intent = api.intent()
    answer = till.run(
        "return Stripe('pk_test_standin').confirmPixPayment(secret, {})",
        secret=intent["client_secret"],
    )
    assert answer["error"]["type"] == "invalid_request_error"
