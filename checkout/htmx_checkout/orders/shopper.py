"""Tells whose order it is, by a digest that is kept in the session.

The session key itself is a credential, so it is never stored with an order. The
digest stays in the session when a login changes the key. When another user logs in,
Django flushes the session, and the digest is gone with it.
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
    """The shopper's digest, 64 hex digits; made once and kept in the session.

    It is derived from the session's key, so that several first requests at once get
    the same digest. It is random for a new session, which has no key yet, and for
    sessions in cookies: their key is their content, which may be equal for two
    shoppers.
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
    """True if this session made the order."""
    digest: str | None = request.session.get(SHOPPER)
    return digest == order.shopper


def owns(request: HttpRequest, order: Order) -> bool:
    """True if this session made the order, or has shown its client secret."""
    return is_payer(request, order) or order.token in request.session.get(PROVEN, [])


def let_in(request: HttpRequest, order: Order) -> None:
    """Let this session see ``order``, since it has shown the client secret.

    Needed when a bank's app returns to another browser, or when the session ended
    during 3D Secure. Keeps the last twenty orders. Safe to repeat.
    """
    proven = request.session.get(PROVEN, [])
    request.session[PROVEN] = [*proven, order.token][-20:]
