"""Who is at the till: a digest that lives and dies with the session.

The session key itself is a credential, so it is never stored with an order.
The digest is kept inside the session, where it survives the new key that a
login brings, and is gone when another user logs in (Django flushes then).
"""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from .models import Order

SHOPPER = "checkout_shopper"
PROVEN = "checkout_proven"


def shopper(request: HttpRequest) -> str:
    """The shopper's digest, 64 hex digits; made from the session's key at first.

    Derived and not random: fifty first requests of one session at once must
    agree on it without having seen each other.
    """
    session = request.session
    if SHOPPER not in session:
        if not session.session_key:
            session.create()
        session[SHOPPER] = salted_hmac(
            "checkout.shopper", session.session_key or "", algorithm="sha256"
        ).hexdigest()
    digest: str = session[SHOPPER]
    return digest


def owns(request: HttpRequest, order: Order) -> bool:
    """True if this session made the order, or has proven that it paid it."""
    known = request.session.get(SHOPPER)
    proven = request.session.get(PROVEN, [])
    return known == order.shopper or order.token in proven


def let_in(request: HttpRequest, order: Order) -> None:
    """Bind ``order`` to this session, whose browser has shown its client secret.

    Needed when a bank's app returns to another browser, or the session ended
    during 3D Secure. Keeps the last twenty.
    """
    proven = request.session.get(PROVEN, [])
    request.session[PROVEN] = [*proven, order.token][-20:]
