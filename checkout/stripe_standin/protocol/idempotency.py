"""Idempotency: a POST repeated with its key gets the answer that was kept.

Source: https://docs.stripe.com/api/idempotent_requests. Kept for 24 hours of
the engine's clock; whatever began to execute is kept, a 500 included; what
failed validation is not.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from . import errors
from .http import Response

KEPT_SECONDS = 24 * 3600
MAX_KEY = 255


@dataclass(slots=True)
class Answer:
    """``busy_until`` is when the first caller has its answer."""

    fingerprint: str
    request_id: str
    made: float
    busy_until: float
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Answers:
    def __init__(self) -> None:
        self.by_key: dict[str, Answer] = {}

    def find(self, key: str, fingerprint: str, now: float) -> Answer | None:
        """The answer kept under ``key``, if the request is the same one.

        Raises ``ApiError``: 409 while the first is on its way, 400 (type
        ``idempotency_error``) when the key was used for something else.
        """
        self.prune(now)
        kept = self.by_key.get(key)
        if kept is None:
            return None
        if kept.busy_until > now:
            raise in_use(key)
        if kept.fingerprint != fingerprint:
            raise mismatch(key)
        return kept

    def keep(self, key: str, answer: Answer) -> None:
        self.by_key[key] = answer

    def prune(self, now: float) -> None:
        """Forget what is a day old. The oldest stand first."""
        while self.by_key:
            key, oldest = next(iter(self.by_key.items()))
            if now - oldest.made < KEPT_SECONDS:
                break
            del self.by_key[key]

    def forget(self) -> None:
        """Drop every key at once, as the desk may ask for."""
        self.by_key.clear()


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    """What has to be equal in a repeat: the endpoint and its parameters."""
    return f"{method} {path} {json.dumps(params, sort_keys=True)}"


def replay(kept: Answer) -> Response:
    headers = dict(kept.headers)
    headers["Original-Request"] = kept.request_id
    headers["Idempotent-Replayed"] = "true"
    return Response(kept.status, headers, kept.body)


def check_key(key: str) -> None:
    if len(key) > MAX_KEY:
        message = f"Idempotency keys can be at most {MAX_KEY} characters."
        raise errors.ApiError(400, message, type="idempotency_error")


def mismatch(key: str) -> errors.ApiError:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they "
        f"were first used with. Try using a key other than '{key}' if you meant to "
        "execute a different request."
    )
    return errors.ApiError(400, message, type="idempotency_error")


def in_use(key: str) -> errors.ApiError:
    message = (
        "There is currently another in-progress request using this Idempotent Key "
        f"(that probably means you submitted twice, and the other request is still "
        f"going through): {key}. Please try again later."
    )
    return errors.ApiError(
        409,
        message,
        type="idempotency_error",
        code="idempotency_key_in_use",
        headers={"Stripe-Should-Retry": "true"},
    )
