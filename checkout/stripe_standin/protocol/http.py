"""An HTTP request and an HTTP response, without a socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are kept in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def __post_init__(self) -> None:
        lowered = {name.lower(): value for name, value in self.headers.items()}
        object.__setattr__(self, "headers", lowered)
        object.__setattr__(self, "method", self.method.upper())

    def header(self, name: str, default: str = "") -> str:
        return self.headers.get(name.lower(), default)


@dataclass(slots=True)
class Response:
    """One answer.

    ``delay_seconds`` and ``reset`` are wishes that only a server with a socket
    can carry out: wait that long first, or drop the connection instead of
    answering. A simulator reads them and does what it likes.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay_seconds: float = 0.0
    reset: bool = False

    @classmethod
    def of_json(
        cls, value: Any, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> "Response":
        """Answer ``value`` as indented JSON, as Stripe does."""
        body = json.dumps(value, indent=2, ensure_ascii=False).encode()
        named = {"Content-Type": "application/json"} | dict(headers or {})
        return cls(status, named, body)

    @classmethod
    def of_html(
        cls, text: str, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> "Response":
        named = {"Content-Type": "text/html; charset=utf-8"} | dict(headers or {})
        return cls(status, named, text.encode())

    @classmethod
    def redirect(cls, url: str, status: int = 303) -> "Response":
        return cls(status, {"Location": url})

    def json(self) -> Any:
        return json.loads(self.body)
