"""Form bodies and query strings with brackets, as Stripe's clients write them.

``a[b]=1``, ``a[]=1``, ``a[0]=1``, ``a[0][b]=1`` and ``a[][b]=1`` all arrive;
see https://docs.stripe.com/api (form-encoded request bodies).
"""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

# Deeper than any documented parameter; keeps hostile nesting cheap.
MAX_DEPTH = 12
MAX_FIELDS = 5000

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def parse(text: str) -> dict[str, Any]:
    """Nested dicts of strings. Arrays are dicts with number keys.

    The parameter table knows which dicts are meant as arrays; here ``[0]``
    could just as well be a metadata key. Raises ``ValueError`` for a name with
    unbalanced brackets, or with too many of them.
    """
    tree: dict[str, Any] = {}
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    for name, value in pairs:
        match = KEY.match(name)
        if match is None:
            raise ValueError(name)
        rest = re.findall(r"\[([^\[\]]*)\]", match[2])
        if len(rest) > MAX_DEPTH:
            raise ValueError(name)
        plant(tree, [match[1], *rest], value)
    return tree


def plant(tree: dict[str, Any], path: list[str], value: str) -> None:
    here = tree
    for at, name in enumerate(path[:-1]):
        key = name or slot(here, path[at + 1 :])
        branch = here.get(key)
        if not isinstance(branch, dict):
            branch = here[key] = {}
        here = branch
    here[path[-1] or str(len(here))] = value


def slot(here: dict[str, Any], rest: list[str]) -> str:
    """Where ``[]`` points inside a path: the last item, until a key repeats."""
    if not here:
        return "0"
    last = str(len(here) - 1)
    item = here.get(last)
    taken = not isinstance(item, dict) or (rest[0] != "" and rest[0] in item)
    return str(len(here)) if taken else last


def encode(tree: dict[str, Any]) -> str:
    """The inverse of :func:`parse`, for tests, the desk and hosted pages."""
    return urlencode(list(flatten(tree)))


def flatten(value: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, (list, tuple)):
        items = list(enumerate(value))
    elif value is None:
        return []
    elif isinstance(value, bool):
        return [(name, "true" if value else "false")]
    else:
        return [(name, str(value))]
    pairs: list[tuple[str, str]] = []
    for key, inner in items:
        pairs += flatten(inner, f"{name}[{key}]" if name else str(key))
    return pairs
