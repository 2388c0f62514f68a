"""When a confirmation needs a ``return_url``.

Source: https://docs.stripe.com/upgrades#2023-08-16 (automatic payment methods)
and https://docs.stripe.com/payments/finalize-payments-on-the-server.
"""

from ..payment_methods import confirmation_tokens
from ..protocol import errors
from ..protocol.call import Call
from ..world.store import Object
from ..world.world import World

MISSING = (
    "This PaymentIntent is configured to accept payment methods enabled in your "
    "Dashboard. Because some of these payment methods might redirect your customer "
    "off of your page, you must provide a `return_url`. If you don't want to accept "
    "redirect-based payment methods, set `automatic_payment_methods[enabled]` to "
    "`true` and `automatic_payment_methods[allow_redirects]` to `never` when creating "
    "Setup Intents and Payment Intents."
)


def check(world: World, intent: Object, call: Call) -> None:
    """Raises ``ApiError`` 400 when a server confirms without a way back."""
    automatic = intent["automatic_payment_methods"]
    if not automatic or automatic["allow_redirects"] == "never":
        return
    if call.key.publishable or call.get("use_stripe_sdk") or "return_url" in call:
        return
    if brought(world, call) or alone(call) or older(intent, call):
        return
    raise errors.invalid(MISSING, "return_url")


def brought(world: World, call: Call) -> bool:
    """The browser may have put it into the confirmation token."""
    if "confirmation_token" not in call:
        return False
    token = confirmation_tokens.find(world, call.params["confirmation_token"])
    return bool(token["return_url"])


def alone(call: Call) -> bool:
    """Nobody is there to come back, so the documented calls name no address.

    https://docs.stripe.com/payments/save-and-reuse (charge the saved method).
    """
    return call.get("off_session") not in {None, "false"}


def older(intent: Object, call: Call) -> bool:
    """Confirming by hand, by a client that names no version.

    Before August 2023 this flow had cards only and no page to come back to. Its
    programs are still about, and a client without the header may be one of them.
    """
    if call.version.given or "automatic_payment_methods" in call:
        return False
    by_hand: bool = intent["confirmation_method"] == "manual"
    return by_hand
