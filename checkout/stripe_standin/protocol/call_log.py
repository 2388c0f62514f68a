"""The log of API calls, without card numbers, keys or client secrets."""

import re
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

# Enough for any suite; a soak of hours must not fill the memory.
MAX_ENTRIES = 50_000

HIDDEN = "[hidden]"
SENSITIVE = frozenset(
    ("number", "cvc", "iban", "account_number", "key", "secret", "ephemeral_key")
)
SECRET = re.compile(r"(_secret_|whsec_|(?:sk|rk|pk)_(?:test|live)_)[A-Za-z0-9]+")


@dataclass(slots=True)
class Entry:
    """One call. ``at`` is in Unix seconds of the engine's clock."""

    method: str
    path: str
    request_id: str
    at: float
    status: int = 0
    key: str = ""
    version: str = ""
    idempotency_key: str = ""
    replayed: bool = False
    fault: str = ""
    error_code: str = ""
    object_id: str = ""
    params: dict[str, Any] = field(default_factory=dict)


class CallLog:
    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)

    def add(self, entry: Entry) -> Entry:
        entry.params = hidden(entry.params)
        entry.path = SECRET.sub(rf"\1{HIDDEN}", entry.path)
        self.entries.append(entry)
        return entry

    def as_list(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.entries]


def hidden(value: Any, name: str = "") -> Any:
    """``value`` without card numbers and without the open part of secrets."""
    if name in SENSITIVE and value != "":
        return HIDDEN
    if isinstance(value, dict):
        return {key: hidden(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [hidden(inner, name) for inner in value]
    if isinstance(value, str):
        return SECRET.sub(rf"\1{HIDDEN}", value)
    return value
