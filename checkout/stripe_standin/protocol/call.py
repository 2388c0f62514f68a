"""One API call while it is being answered."""

from dataclasses import dataclass, field
from typing import Any

from .keys import Key
from .versions import Version


@dataclass(slots=True)
class Call:
    """``params`` are checked and typed; ``path`` holds the ids in the URL."""

    request_id: str
    version: Version = field(default_factory=Version)
    key: Key = field(default_factory=lambda: Key("secret"))
    idempotency_key: str = ""
    method: str = "GET"
    url: str = ""
    path: dict[str, str] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    expand: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.path["id"]

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.params
