"""Events: https://docs.stripe.com/api/events."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from .client import ask, ask_all
from .objects import Answer


def events(
    *, since: datetime, types: tuple[str, ...], only_failed: bool
) -> Iterator[dict[str, Any]]:
    """Events that Stripe has kept, newest first, as plain data.

    Stripe keeps them for 30 days (https://docs.stripe.com/api/events/list).
    ``only_failed``: only those that an endpoint has not accepted.
    """
    more: dict[str, Any] = {"types": list(types)}
    if only_failed:
        more["delivery_success"] = False
    return ask_all("events", since, _plain, **more)


def event(stripe_id: str) -> dict[str, Any]:
    """One event as plain data; raises ``ObjectMissing`` once Stripe has dropped it."""
    return ask(lambda v1: v1.events.retrieve(stripe_id), _plain)


def _plain(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = answer.found.to_dict()
    return found
