"""Answers to 3D Secure challenges: the intent goes on, or is refused."""

from contextlib import suppress

from ..protocol.errors import ApiError
from ..world.store import Object
from ..world.world import World
from . import attempts, next_actions, setup_intents

OUTCOMES = ("complete", "fail", "cancel")


def find(world: World, id: str) -> Object:
    """The challenge: ``intent``, ``payment_method``, ``return_url``, ``status``.

    ``status`` is open, complete, fail, cancel or abandoned. Raises
    ``ApiError`` 404.
    """
    return next_actions.find(world, next_actions.CHALLENGE, id)


def finish(world: World, id: str, outcome: str) -> Object:
    """Answer the challenge: ``complete``, ``fail`` or ``cancel`` (closed).

    Returns the intent. A challenge that is no longer open stays as it is, so
    a second click changes nothing. Raises ``ValueError`` for another outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"The outcome is one of {', '.join(OUTCOMES)}.")
    return answer(world, find(world, id), outcome, yes=outcome == "complete")


def answer(world: World, challenge: Object, outcome: str, *, yes: bool) -> Object:
    intent = world.store.by_id[challenge["intent"]]
    if challenge["status"] != "open" or intent["status"] != "requires_action":
        return intent
    challenge["status"] = outcome
    method = world.store.by_id[challenge["payment_method"]]
    room = setup_intents if intent["object"] == "setup_intent" else attempts
    if not yes:
        room.rejected(world, intent, method)
        return intent
    # A card may decline after the challenge: the intent carries the reason.
    with suppress(ApiError):
        room.authenticated(world, intent, method)
    return intent
