"""Why a payment did not go through, in words that help and do not accuse.

The codes are Stripe's (https://docs.stripe.com/declines/codes). What a bank
says about fraud or a lost card is not for the person at the till, so those fall
to the general sentence.
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
    """What to tell the shopper about a decline or error code."""
    return SENTENCES.get(code, GENERAL)
