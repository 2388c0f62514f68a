"""The ``Stripe-Signature`` header.

Source: https://docs.stripe.com/webhooks/signature.
"""

import hashlib
import hmac
from collections.abc import Iterable


def header(payload: bytes, secrets: Iterable[str], timestamp: int) -> str:
    """``t=…,v1=…`` with one ``v1`` per secret, and a ``v0`` to be ignored.

    ``timestamp`` is in Unix seconds and part of what is signed.
    """
    message = f"{timestamp}.".encode() + payload
    marks = [f"t={timestamp}"]
    marks += [f"v1={digest(secret, message)}" for secret in secrets]
    marks.append(f"v0={digest('v0', message)}")
    return ",".join(marks)


def digest(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
