"""API keys: which are valid, and what each may do.

Any well-formed test key opens the one test account, since the stand-in must
work without configuration. These words after the prefix mean something::

    sk_test_wrong…    an unknown key            401
    sk_test_expired…  a key that has expired    401 api_key_expired
    rk_test_readonly… may read, not write       403 on POST and DELETE
    rk_test_none…     may do nothing            403

Source: https://docs.stripe.com/keys and /api/authentication.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from . import errors
from .http import Request

SHAPE = re.compile(r"^(sk|rk|pk)_test_([A-Za-z0-9_]{1,250})$")
LIVE = re.compile(r"^(sk|rk|pk)_live_")
UNKNOWN = ("wrong", "invalid", "revoked", "bad")

KINDS = {"sk": "secret", "rk": "restricted", "pk": "publishable"}


@dataclass(frozen=True, slots=True)
class Key:
    """``kind`` is secret, restricted or publishable; ``label`` its open part."""

    kind: str
    word: str = ""

    @property
    def publishable(self) -> bool:
        return self.kind == "publishable"

    def may(self, method: str) -> bool:
        if self.kind != "restricted":
            return True
        if self.word.startswith("none"):
            return False
        return method == "GET" or not self.word.startswith("readonly")


def is_live(text: str) -> bool:
    return bool(LIVE.match(text.strip()))


def find(request: Request, params: dict[str, object]) -> Key:
    """The key of ``request``: Bearer, Basic user name, or the field ``key``.

    Raises ``ApiError`` 401, also for live keys: nothing live belongs here.
    """
    text = from_header(request.header("authorization")) or str(params.get("key") or "")
    if not text:
        raise refused(
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY')."
        )
    if is_live(text):
        raise refused(
            "This is a stand-in for Stripe and never takes a live key. Use a test key."
        )
    match = SHAPE.match(text)
    if match is None or match[2].startswith(UNKNOWN):
        raise refused(f"Invalid API Key provided: {masked(text)}")
    if match[2].startswith("expired"):
        message = f"Expired API Key provided: {masked(text)}"
        raise refused(message, code="api_key_expired")
    return Key(KINDS[match[1]], match[2])


def from_header(header: str) -> str:
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(rest, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[0]


def masked(text: str) -> str:
    """Enough of a key to recognise it, as Stripe's own messages show it."""
    if len(text) <= 12:
        return "*" * len(text)
    return text[:8] + "*" * (len(text) - 12) + text[-4:]


def refused(message: str, code: str = "") -> errors.ApiError:
    headers = {"WWW-Authenticate": 'Bearer realm="Stripe"'}
    return errors.ApiError(401, message, code=code, headers=headers)


def secret_required() -> errors.ApiError:
    message = (
        "This API call cannot be made with a publishable API key. Please use a secret "
        "API key. You can find a list of your API keys at "
        "https://dashboard.stripe.com/account/apikeys."
    )
    return errors.ApiError(403, message, code="secret_key_required")


def forbidden(key: Key, what: str) -> errors.ApiError:
    message = (
        f"The provided key '{masked('rk_test_' + key.word)}' does not have the "
        f"required permissions for this endpoint ({what})."
    )
    return errors.ApiError(403, message)
