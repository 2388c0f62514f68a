"""Why a payment did not go through, in a sentence for the shopper.

The codes are Stripe's (https://docs.stripe.com/declines/codes). Fraud and lost cards
get the general sentence: the person who pays must not be told of them.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GENERAL = _("Your bank said no. Try another card, or ask your bank.")
SENTENCES: dict[str, str | Promise] = {
    "insufficient_funds": _(
        "There may not be enough money on it. Try another card, or ask your bank."
    ),
    "expired_card": _("The card has expired. Try another card."),
    "incorrect_cvc": _("The security code does not match the card. Try again."),
    "incorrect_number": _("The card number is not right. Try again."),
    "processing_error": _("Something went wrong at the bank. Try again in a moment."),
    "card_velocity_exceeded": _(
        "The card has reached its limit. Try another card, or ask your bank."
    ),
    "payment_intent_authentication_failure": _(
        "Your bank could not confirm that it is you. Try again, or use another card."
    ),
    "payment_intent_payment_attempt_failed": _(
        "The bank did not send the money. Try again, or pay another way."
    ),
}


def sentence(code: str) -> str | Promise:
    """The sentence for a decline or error code; a general one for codes not listed."""
    return SENTENCES.get(code, GENERAL)
