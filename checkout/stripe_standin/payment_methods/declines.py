"""When a card declines, and what the decline says.

Texts and codes from https://docs.stripe.com/declines/codes and
/error-codes; the reasons that Stripe asks not to tell a shopper share the
generic sentence.
"""

from typing import Any

from ..world.store import Object
from .cards import Decline, TestCard

AUTHENTICATION_REQUIRED = Decline("authentication_required", "authentication_required")

MESSAGES = {
    "card_declined": "Your card has been declined.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "processing_error": "An error occurred while processing your card. "
    "Try again in a little bit.",
    "incorrect_number": "Your card number is incorrect.",
    "authentication_required": "Your card was declined. This transaction requires "
    "authentication.",
}
BY_DECLINE_CODE = {
    "insufficient_funds": "Your card has insufficient funds.",
    "card_velocity_exceeded": "Your card was declined for making repeated attempts "
    "too frequently or exceeding its amount limit.",
    "testmode_decline": "Your card was declined. Your request was in test mode, but "
    "used a non test (live) card. For a list of valid test cards, visit: "
    "https://stripe.com/docs/testing.",
}

# Codes that a client may see as `param`.
PARAMS = {"incorrect_cvc": "cvc", "expired_card": "exp_month"}

ADVICE = {
    "insufficient_funds": "try_again_later",
    "processing_error": "try_again_later",
    "generic_decline": "try_again_later",
    "card_velocity_exceeded": "try_again_later",
    "expired_card": "do_not_try_again",
    "lost_card": "do_not_try_again",
    "stolen_card": "do_not_try_again",
    "incorrect_cvc": "confirm_card_data",
    "incorrect_number": "confirm_card_data",
}
# Two digits as a card network sends them; 05 is "do not honour".
NETWORK = {"insufficient_funds": "51", "lost_card": "41", "stolen_card": "43"}


def applies(card: TestCard, method: Object) -> bool:
    """Whether ``card`` declines ``method``.

    The card for a wrong security code declines only when a code was sent.
    """
    if card.decline is None:
        return False
    return card.decline.code != "incorrect_cvc" or bool(method["_cvc"])


def message(decline: Decline) -> str:
    return BY_DECLINE_CODE.get(decline.decline_code) or MESSAGES[decline.code]


def members(decline: Decline) -> dict[str, Any]:
    """The members of an error object that describe ``decline``."""
    name = decline.decline_code or decline.code
    found = {
        "code": decline.code,
        "decline_code": decline.decline_code,
        "message": message(decline),
        "param": PARAMS.get(decline.code, ""),
        "advice_code": ADVICE.get(name, ""),
        "network_decline_code": NETWORK.get(name, "05"),
    }
    return {key: value for key, value in found.items() if value}
