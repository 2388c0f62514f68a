"""Search, as far as test suites use it: fields and metadata joined by AND.

Source: https://docs.stripe.com/search. Stripe's index lags; this one does not.
"""

import re
from typing import Any

from ..world.store import Object
from ..world.world import World
from . import errors, lists
from .call import Call

CLAUSE = re.compile(
    r"\s*(?P<no>-)?(?P<name>[\w.]+)(?:\[(?P<q>[\"'])(?P<key>.+?)(?P=q)\])?"
    r"(?P<op>:|~|>=|<=|>|<)(?P<value>\"[^\"]*\"|'[^']*'|[\w.-]+)\s*"
)


def payment_intents(world: World, call: Call) -> Object:
    return find(world, call, "payment_intent")


def charges(world: World, call: Call) -> Object:
    return find(world, call, "charge")


def customers(world: World, call: Call) -> Object:
    return find(world, call, "customer")


def find(world: World, call: Call, kind: str) -> dict[str, Any]:
    """One page of ``kind``, newest first; ``page`` is an offset.

    Raises ``ApiError`` 400 for a query it cannot read.
    """
    clauses = read(call.params["query"])
    rows = [
        item
        for item in world.store.newest(kind)
        if all(matches(item, clause) for clause in clauses)
    ]
    start = int(call.get("page", "0")) if call.get("page", "0").isdecimal() else 0
    end = start + lists.limit(call)
    more = len(rows) > end
    return {
        "object": "search_result",
        "data": rows[start:end],
        "has_more": more,
        "next_page": str(end) if more else None,
        "url": call.url,
    }


def read(query: str) -> list[dict[str, str | None]]:
    clauses = []
    for text in re.split(r"\s+AND\s+", query.strip(), flags=re.IGNORECASE):
        match = CLAUSE.fullmatch(text)
        if match is None:
            message = f"We were unable to parse your search query: {query[:200]}"
            raise errors.invalid(message, "query")
        clauses.append(match.groupdict())
    return clauses


def matches(item: Object, clause: dict[str, str | None]) -> bool:
    value: Any = item
    for part in str(clause["name"]).split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if clause["key"] is not None:
        value = (value or {}).get(clause["key"])
    wanted = str(clause["value"]).strip("\"'")
    found = compare(value, str(clause["op"]), wanted)
    return found != bool(clause["no"])


def compare(value: Any, op: str, wanted: str) -> bool:
    if wanted == "null":
        return value is None
    if value is None:
        return False
    if op == "~":
        return wanted.lower() in str(value).lower()
    if op == ":":
        return str(value).lower() == wanted.lower()
    if not wanted.lstrip("-").isdecimal() or not isinstance(value, int):
        return False
    number = int(wanted)
    tests = {">": value > number, "<": value < number}
    tests |= {">=": value >= number, "<=": value <= number}
    return tests[op]
