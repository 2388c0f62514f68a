"""Pagination: pages of objects, newest first, by the id of the last one seen.

Source: https://docs.stripe.com/api/pagination.
"""

from collections.abc import Iterable
from typing import Any

from ..world.store import Object
from ..world.world import World
from . import errors
from .call import Call

PAGE = "ending_before:str limit:int starting_after:str "
MAX_LIMIT = 100
DEFAULT_LIMIT = 10


def page(world: World, found: Iterable[Object], call: Call) -> dict[str, Any]:
    """The page of ``found`` (newest first) that ``call`` asks for.

    Filters by ``created`` too. A cursor may name an object that the filters
    leave out; only its place counts. Raises ``ApiError`` for both cursors at
    once, for an unknown one and for a limit outside 1 to 100.
    """
    if "starting_after" in call and "ending_before" in call:
        raise errors.exclusive(["starting_after", "ending_before"])
    size = limit(call)
    rows = [
        item for item in found if within(item.get("created", 0), call.get("created"))
    ]
    if "ending_before" in call:
        edge = place(world, call, "ending_before")
        rows = [item for item in rows if item["_order"] > edge]
        return listed(rows[-size:], call.url, len(rows) > size)
    if "starting_after" in call:
        edge = place(world, call, "starting_after")
        rows = [item for item in rows if item["_order"] < edge]
    return listed(rows[:size], call.url, len(rows) > size)


def listed(data: list[Object], url: str, more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": more, "url": url}


def limit(call: Call) -> int:
    size: int = call.get("limit", DEFAULT_LIMIT)
    if not 1 <= size <= MAX_LIMIT:
        bound, word = (1, "greater") if size < 1 else (MAX_LIMIT, "less")
        message = f"This value must be {word} than or equal to {bound}."
        raise errors.invalid(message, "limit", code="parameter_invalid_integer")
    return size


def place(world: World, call: Call, param: str) -> int:
    item = world.store.find(call.params[param])
    if item is None:
        message = f"No such object: '{call.params[param]}'"
        raise errors.invalid(message, param, code="resource_missing")
    order: int = item["_order"]
    return order


def within(created: int, span: dict[str, int] | None) -> bool:
    if not span:
        return True
    return (
        created > span.get("gt", -1)
        and created >= span.get("gte", 0)
        and created < span.get("lt", 1 << 62)
        and created <= span.get("lte", 1 << 62)
    )
