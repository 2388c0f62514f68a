"""Client secrets: each lets a browser read and confirm one intent."""

import hmac

from ..protocol import errors
from ..protocol.call import Call
from ..world.store import Object

NAMES = {"payment_intent": "PaymentIntent", "setup_intent": "SetupIntent"}


def check_secret(intent: Object, call: Call) -> None:
    """A publishable key needs the right one; a secret key may leave it out.

    Raises ``ApiError`` 400 on ``client_secret``.
    """
    given = call.get("client_secret")
    if given is None:
        if call.key.publishable:
            raise errors.missing("client_secret")
        return
    if not hmac.compare_digest(given.encode(), intent["client_secret"].encode()):
        name = NAMES[intent["object"]]
        message = (
            "The client_secret provided does not match the client_secret associated "
            f"with this {name}."
        )
        raise errors.invalid(message, "client_secret")
