"""The documented test cards, and what each of them does.

Source: https://docs.stripe.com/testing. Any other number is refused and
forgotten: this must never become a place where real cards are typed.
"""

from dataclasses import dataclass

from . import plain_cards


@dataclass(frozen=True, slots=True)
class Decline:
    code: str
    decline_code: str = ""


@dataclass(frozen=True, slots=True)
class TestCard:
    """``secure`` is when 3D Secure is asked for: never, always, optional, unless_saved
    or on_session (which it always is here).

    ``after`` is the decline that follows a completed challenge.
    """

    number: str
    token: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    decline: Decline | None = None
    secure: str = "never"
    after: Decline | None = None
    frictionless: bool = False
    attachable: bool = True
    dispute: str = ""
    refund: str = ""
    risk: str = "normal"
    blocked: bool = False
    cvc_check: str = "pass"
    postal_check: str = "pass"
    line1_check: str = "pass"
    bypass_pending: bool = False

    __test__ = False  # pytest: a card, not a test

    @property
    def last4(self) -> str:
        return self.number[-4:]


def declining(number: str, token: str, code: str, decline_code: str = "") -> TestCard:
    decline = Decline(code, decline_code)
    return TestCard(number, token, decline=decline, attachable=False)


DECLINED = "card_declined"
GENERIC = Decline(DECLINED, "generic_decline")

PLAIN = (
    TestCard("4242424242424242", "pm_card_visa"),
    TestCard("4000056655665556", "pm_card_visa_debit", funding="debit"),
    TestCard("5555555555554444", "pm_card_mastercard", brand="mastercard"),
    TestCard("2223003122003222", "pm_card_mastercard_2series", brand="mastercard"),
    TestCard(
        "5200828282828210",
        "pm_card_mastercard_debit",
        brand="mastercard",
        funding="debit",
    ),
    TestCard(
        "5105105105105100",
        "pm_card_mastercard_prepaid",
        brand="mastercard",
        funding="prepaid",
    ),
    TestCard("378282246310005", "pm_card_amex", brand="amex"),
    TestCard("371449635398431", "pm_card_amex_second", brand="amex"),
    TestCard("6011111111111117", "pm_card_discover", brand="discover"),
    TestCard("3056930009020004", "pm_card_diners", brand="diners"),
    TestCard("36227206271667", "pm_card_diners_14digit", brand="diners"),
    TestCard("3566002020360505", "pm_card_jcb", brand="jcb", country="JP"),
    TestCard("6200000000000005", "pm_card_unionpay", brand="unionpay", country="CN"),
    TestCard("4000002500001001", "pm_card_visa_cartesBancaires", country="FR"),
    TestCard("4000000000000077", "pm_card_bypassPending", bypass_pending=True),
    TestCard(
        "4000003720000278", "pm_card_bypassPendingInternational", bypass_pending=True
    ),
)

DECLINING = (
    declining(
        "4000000000000002", "pm_card_visa_chargeDeclined", DECLINED, "generic_decline"
    ),
    declining(
        "4000000000009995",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        DECLINED,
        "insufficient_funds",
    ),
    declining(
        "4000000000009987",
        "pm_card_visa_chargeDeclinedLostCard",
        DECLINED,
        "lost_card",
    ),
    declining(
        "4000000000009979",
        "pm_card_visa_chargeDeclinedStolenCard",
        DECLINED,
        "stolen_card",
    ),
    declining(
        "4000000000006975",
        "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
        DECLINED,
        "card_velocity_exceeded",
    ),
    declining("4000000000000069", "pm_card_chargeDeclinedExpiredCard", "expired_card"),
    declining(
        "4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"
    ),
    declining(
        "4000000000000119", "pm_card_chargeDeclinedProcessingError", "processing_error"
    ),
    TestCard("4000000000000341", "pm_card_chargeCustomerFail", decline=GENERIC),
)

SECURE = (
    TestCard(
        "4000002500003155",
        "pm_card_authenticationRequiredOnSetup",
        secure="unless_saved",
    ),
    TestCard("4000002760003184", "pm_card_authenticationRequired", secure="always"),
    TestCard(
        "4000003800000446",
        "pm_card_authenticationRequiredSetupForOffSession",
        secure="on_session",
    ),
    TestCard(
        "4000008260003178",
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds",
        secure="always",
        after=Decline(DECLINED, "insufficient_funds"),
    ),
    TestCard("4000000000003220", "pm_card_threeDSecure2Required", secure="always"),
    TestCard("4000000000003063", "pm_card_threeDSecureRequired", secure="always"),
    TestCard("4000008400000027", "pm_card_threeDSecureRequired2", secure="always"),
    TestCard(
        "4000008400001629",
        "pm_card_threeDSecureRequiredChargeDeclined",
        secure="always",
        after=GENERIC,
    ),
    TestCard(
        "4000008400001280",
        "pm_card_threeDSecureRequiredProcessingError",
        decline=GENERIC,
    ),
    TestCard("4000000000003055", "pm_card_threeDSecureOptional", secure="optional"),
    TestCard("4000000000003097", "pm_card_threeDSecureOptionalProcessingError"),
    TestCard("4000000032200000", "pm_card_threeDSecureFrictionless", frictionless=True),
)

RADAR = (
    TestCard(
        "4100000000000019",
        "pm_card_radarBlock",
        decline=Decline(DECLINED, "fraudulent"),
        blocked=True,
        risk="highest",
        attachable=False,
    ),
    TestCard("4000000000004954", "pm_card_riskLevelHighest", risk="highest"),
    TestCard("4000000000009235", "pm_card_riskLevelElevated", risk="elevated"),
    TestCard("4000000000000101", "pm_card_cvcCheckFail", cvc_check="fail"),
    TestCard("4000000000000036", "pm_card_avsZipFail", postal_check="fail"),
    TestCard("4000000000000028", "pm_card_avsLine1Fail", line1_check="fail"),
    TestCard(
        "4000000000000010", "pm_card_avsFail", line1_check="fail", postal_check="fail"
    ),
    TestCard(
        "4000000000000044",
        "pm_card_avsUnchecked",
        line1_check="unavailable",
        postal_check="unavailable",
    ),
    TestCard("4000000000001208", "pm_card_captchaChallenge"),
    TestCard("4000000000003725", "pm_card_captchaChallenge2"),
)

AFTERWARDS = (
    TestCard("4000000000000259", "pm_card_createDispute", dispute="fraudulent"),
    TestCard(
        "4000000000002685",
        "pm_card_createDisputeProductNotReceived",
        dispute="product_not_received",
    ),
    TestCard("4000000000001976", "pm_card_createDisputeInquiry", dispute="inquiry"),
    TestCard("4000000000005423", "pm_card_createIssuerFraudRecord", dispute="warning"),
    TestCard("4000000404000079", "pm_card_createMultipleDisputes", dispute="several"),
    TestCard("4000000000007726", "pm_card_pendingRefund", refund="pending"),
    TestCard("4000000000005126", "pm_card_refundFail", refund="fail"),
)

ISSUED = tuple(TestCard(*row) for row in plain_cards.rows())

CARDS = (*PLAIN, *ISSUED, *DECLINING, *SECURE, *RADAR, *AFTERWARDS)
BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {card.token: card for card in CARDS}

# Other names that Stripe's own samples use for the same cards.
ALIASES = {
    "pm_card_us": "pm_card_visa",
    "pm_card_chargeDeclined": "pm_card_visa_chargeDeclined",
    "pm_card_chargeDeclinedInsufficientFunds": (
        "pm_card_visa_chargeDeclinedInsufficientFunds"
    ),
    "pm_card_chargeDeclinedLostCard": "pm_card_visa_chargeDeclinedLostCard",
    "pm_card_chargeDeclinedStolenCard": "pm_card_visa_chargeDeclinedStolenCard",
    "pm_card_visa_chargeDeclinedExpiredCard": "pm_card_chargeDeclinedExpiredCard",
    "pm_card_visa_chargeDeclinedIncorrectCvc": "pm_card_chargeDeclinedIncorrectCvc",
    "pm_card_visa_chargeDeclinedProcessingError": (
        "pm_card_chargeDeclinedProcessingError"
    ),
    "pm_card_visa_chargeDeclinedFraudulent": "pm_card_radarBlock",
    "pm_card_chargeDeclinedFraudulent": "pm_card_radarBlock",
}


def by_token(token: str) -> TestCard | None:
    """The card behind ``pm_card_visa`` and kin, or the older ``tok_visa``."""
    if token.startswith("tok_"):
        token = "pm_card_" + token.removeprefix("tok_")
    return BY_TOKEN.get(ALIASES.get(token, token))


def passes_luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
