"""Reads the fields of a webhook event that are used."""

import json
from dataclasses import dataclass
from typing import Any

from ..exceptions import EventRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEvent:
    """The fields of a webhook event that we use.

    ``intent`` is the id of the PaymentIntent that it is about, ``object_id`` the id of
    the object in it; ``order``, ``attempt`` and ``installation`` come from the metadata
    that this app set on the object.
    """

    stripe_id: str
    type: str
    livemode: bool
    account: str
    api_version: str
    intent: str
    object_id: str
    order: str
    attempt: int
    installation: str

    @property
    def is_about_refunds(self) -> bool:
        return self.type.startswith(("refund.", "charge.refund"))

    @property
    def is_about_a_dispute(self) -> bool:
        return self.type.startswith("charge.dispute.")


def parse(body: bytes) -> ParsedEvent:
    """Parse the body of a delivery; raise ``EventRefused`` if it is no event.

    Strict, so that a malformed body costs little: no NaN, no name twice (parsers
    disagree on which one counts), and no endless nesting.
    """
    try:
        event = json.loads(
            body, parse_constant=_refuse_constant, object_pairs_hook=_once
        )
    except (ValueError, RecursionError):
        # Without the cause: it may quote the body, which holds a client secret.
        raise EventRefused("Signed, but not an event.") from None
    return parse_plain(event)


def parse_plain(event: Any) -> ParsedEvent:
    """Parse an event that is decoded already; raises ``EventRefused``."""
    try:
        found = event["data"]["object"]
        metadata = found.get("metadata") or {}
        is_intent = found["object"] == "payment_intent"
        intent = found["id"] if is_intent else found.get("payment_intent") or ""
        return ParsedEvent(
            stripe_id=_text(event["id"]),
            type=_text(event["type"]),
            livemode=bool(event["livemode"]),
            account=_text(event.get("account") or ""),
            api_version=_text(event.get("api_version") or "")[:64],
            intent=_text(intent),
            object_id=_known(found.get("id")),
            order=_known(metadata.get("order")),
            attempt=_number(metadata.get("attempt")),
            installation=_known(metadata.get("installation")),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise EventRefused("Signed, but not an event.") from None


def _text(value: Any) -> str:
    """A string that fits its column and that every database can store."""
    if not isinstance(value, str) or len(value) > 255 or not _can_be_stored(value):
        raise ValueError
    return value


def _can_be_stored(value: str) -> bool:
    # PostgreSQL holds no NUL, and nothing encodes half of a surrogate pair.
    return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)


def _known(value: Any) -> str:
    """A metadata value if it could be ours, or "": anybody can write metadata."""
    try:
        return _text(value)
    except ValueError:
        return ""


def _number(value: Any) -> int:
    digits = _known(value)
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 9
    return int(digits) if is_number else 0


def _refuse_constant(name: str) -> None:
    # NaN and Infinity are Python's, not JSON's (RFC 8259, section 6).
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name stands twice.")
    return found
