"""Answers to a bank's page, and the URL that leads back to the shop.

Source: https://docs.stripe.com/js/payment_intents/confirm_payment (the
parameters that are added to the return URL).
"""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..world.store import Object
from ..world.world import World
from . import authentications, next_actions

OUTCOMES = ("authorize", "fail")


def find(world: World, id: str) -> Object:
    """The visit: ``intent``, ``type``, ``return_url``, ``status``. 404 if none."""
    return next_actions.find(world, next_actions.BANK, id)


def finish(world: World, id: str, outcome: str) -> str:
    """Answer the bank's page: ``authorize`` or ``fail``. Returns where to go.

    A second click changes nothing and leads to the same place. Raises
    ``ValueError`` for another outcome, ``ApiError`` 404 for an unknown id.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"The outcome is one of {', '.join(OUTCOMES)}.")
    visit = find(world, id)
    authorized = outcome == "authorize"
    intent = authentications.answer(world, visit, outcome, yes=authorized)
    return back(intent, visit["return_url"] or world.base_url + "/")


def back(intent: Object, return_url: str) -> str:
    """``return_url`` with the intent's id, client secret and a status added."""
    prefix = intent["object"]
    succeeded = intent["status"] in {"succeeded", "processing", "requires_capture"}
    added = {
        prefix: intent["id"],
        f"{prefix}_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if succeeded else "failed",
    }
    parts = urlsplit(return_url)
    query = parse_qsl(parts.query, keep_blank_values=True) + list(added.items())
    return urlunsplit(parts._replace(query=urlencode(query)))
