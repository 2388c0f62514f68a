"""Faults on demand: what the next calls meet instead of success, or after it."""

from dataclasses import asdict, dataclass
from typing import Any

from . import errors

KINDS = {
    "rate_limit": "429 before anything happens; nothing is saved",
    "lock_timeout": "429 lock_timeout with Stripe-Should-Retry; nothing is saved",
    "server_error": "500 before anything happens; saved under the key",
    "server_error_after": "500 although it was done; saved under the key",
    "slow": "the usual answer, late by `seconds`",
    "reset_before": "the connection drops before anything happens",
    "reset_after": "it is done and saved, then the connection drops",
}


@dataclass(slots=True)
class Fault:
    """``kind`` for the next ``calls`` calls that match.

    ``path`` is a prefix, ``method`` an exact verb, ``key`` the kind of API key;
    empty matches all. ``status`` is the code of a server error.
    """

    kind: str
    calls: int = 1
    path: str = ""
    method: str = ""
    key: str = ""
    seconds: float = 5.0
    status: int = 500

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"A fault is one of: {', '.join(KINDS)}.")
        if self.calls < 1:
            raise ValueError("A fault needs at least one call to strike.")
        if not 500 <= self.status <= 599:
            raise ValueError("The status of a server error is 500 to 599.")

    def strikes(self, method: str, path: str, key: str) -> bool:
        return (
            path.startswith(self.path)
            and self.method in {"", method}
            and self.key in {"", key}
        )

    def before(self) -> None:
        """Raise what comes instead of doing anything, if this is such a fault."""
        if self.kind == "rate_limit":
            raise errors.rate_limited()
        if self.kind == "lock_timeout":
            raise errors.lock_timeout()
        if self.kind == "reset_before":
            raise ConnectionReset

    @property
    def delay_seconds(self) -> float:
        return self.seconds if self.kind == "slow" else 0.0


class ConnectionReset(Exception):
    """The connection is to be dropped, nothing having happened."""


class Faults:
    """Faults wait in line; the first that matches a call strikes it."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.latency_seconds = 0.0
        # How often each kind has struck: a fault that never fired proves nothing.
        self.struck: dict[str, int] = {}

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def take(self, method: str, path: str, key: str) -> Fault | None:
        for fault in self.waiting:
            if fault.strikes(method, path, key):
                fault.calls -= 1
                if not fault.calls:
                    self.waiting.remove(fault)
                self.struck[fault.kind] = self.struck.get(fault.kind, 0) + 1
                return fault
        return None

    def as_dict(self) -> dict[str, Any]:
        return {
            "waiting": [asdict(fault) for fault in self.waiting],
            "latency_seconds": self.latency_seconds,
            "struck": dict(self.struck),
        }
