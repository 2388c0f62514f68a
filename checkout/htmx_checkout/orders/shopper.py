"""Whose order it is: a digest that is kept in the session.

The session key itself is a credential, so it is never stored with an order.
The digest stays in the session when a login changes the key, and is gone when
another user logs in, since Django flushes the session then.
"""

import secrets

from django.contrib.sessions.backends.signed_cookies import (
    SessionStore as CookieSession,
)
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from ..models import Order

SHOPPER = "htmx_checkout_shopper"
PROVEN = "htmx_checkout_proven"


def shopper(request: HttpRequest) -> str:
    """The shopper's digest, 64 hex digits; kept in the session once it is made.

    Derived from the session's key where that is a secret of this session alone,
    so that many first requests at the same time get the same digest. It is random
    where a new session has no key yet, and where the session is itself a cookie:
    the key is its content then, which two shoppers may share.
    """
    session = request.session
    if SHOPPER not in session:
        if session.session_key is None or isinstance(session, CookieSession):
            session[SHOPPER] = secrets.token_hex(32)
        else:
            session[SHOPPER] = salted_hmac(
                "htmx_checkout.shopper", session.session_key, algorithm="sha256"
            ).hexdigest()
    digest: str = session[SHOPPER]
    return digest


def is_payer(request: HttpRequest, order: Order) -> bool:
    """True if it is this session's bag that became the order."""
    digest: str | None = request.session.get(SHOPPER)
    return digest == order.shopper


def owns(request: HttpRequest, order: Order) -> bool:
    """True if this session made the order, or has proven that it paid it."""
    return is_payer(request, order) or order.token in request.session.get(PROVEN, [])


def let_in(request: HttpRequest, order: Order) -> None:
    """Bind ``order`` to this session, whose browser has shown its client secret.

    Needed when a bank's app returns to another browser, or the session ended
    during 3D Secure. Keeps the last twenty.
    """
    proven = request.session.get(PROVEN, [])
    request.session[PROVEN] = [*proven, order.token][-20:]
