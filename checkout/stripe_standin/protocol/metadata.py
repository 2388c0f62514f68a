"""Metadata: the client's own notes on an object.

Limits from https://docs.stripe.com/api/metadata: 50 keys of at most 40
characters without brackets, values of at most 500.
"""

from typing import Any

from . import errors

MAX_KEYS = 50
MAX_KEY = 40
MAX_VALUE = 500


def read(value: Any, where: str) -> dict[str, str]:
    """Check what was given. An empty value stays, since it deletes its key."""
    if not isinstance(value, dict):
        raise errors.invalid("Invalid object", where)
    for key, text in value.items():
        if not isinstance(text, str):
            raise errors.invalid("Metadata values must be strings.", f"{where}[{key}]")
        if len(key) > MAX_KEY:
            message = (
                f"Metadata keys must be {MAX_KEY} characters or fewer; "
                f"'{key[:60]}' has {len(key)}."
            )
            raise errors.invalid(message, where)
        if len(text) > MAX_VALUE:
            message = (
                f"Metadata values can have up to {MAX_VALUE} characters, but you "
                f"passed in a value that is {len(text)} characters."
            )
            raise errors.invalid(message, f"{where}[{key}]")
    limit(value, where)
    return dict(value)


def merge(old: dict[str, str] | None, given: dict[str, str] | None) -> dict[str, str]:
    """``old`` with the given keys set; ``""`` drops one, ``None`` drops all."""
    if given is None:
        return {}
    merged = {**(old or {}), **given}
    merged = {key: text for key, text in merged.items() if text != ""}
    limit(merged, "metadata")
    return merged


def limit(value: dict[str, str], where: str) -> None:
    if len(value) > MAX_KEYS:
        message = f"Metadata can have up to {MAX_KEYS} keys, but you passed more."
        raise errors.invalid(message, where)
