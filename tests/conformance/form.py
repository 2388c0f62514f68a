"""A form body as nested parts: ``a[b][0]=1`` is ``{"a": {"b": {"0": "1"}}}``.

Written apart from the stand-in's own reader: a shared mistake would not show.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

PART = re.compile(r"\[([^\]]*)\]")


def read(*bodies: str) -> dict[str, Any]:
    """All leaves are strings; a list is a dict of its places."""
    found: dict[str, Any] = {}
    for body in bodies:
        for name, text in parse_qsl(body, keep_blank_values=True):
            put(found, [name.partition("[")[0], *PART.findall(name)], text)
    return found


def put(found: dict[str, Any], parts: list[str], text: str) -> None:
    first, *rest = parts
    # ``a[]=1&a[]=2`` names no places: they are given in turn.
    first = first or str(len(found))
    if rest:
        put(found.setdefault(first, {}), rest, text)
    else:
        found[first] = text
