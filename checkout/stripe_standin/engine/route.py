"""One route: method, URL pattern, handler, and the parameters it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ..protocol.call import Call
from ..protocol.params import Fields, table
from ..world.world import World

Handler = Callable[[World, Call], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """``browser`` is the table for a publishable key, ``None`` to refuse it."""

    method: str
    pattern: str
    handler: Handler
    spec: str = ""
    browser: str | None = None

    def match(self, method: str, path: str) -> dict[str, str] | None:
        if method != self.method:
            return None
        found = compiled(self.pattern).fullmatch(path)
        if found is None:
            return None
        return {name: unquote(value) for name, value in found.groupdict().items()}

    def fields(self, *, publishable: bool) -> Fields:
        return table((self.browser if publishable else self.spec) or "")


def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("/v1" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern))
