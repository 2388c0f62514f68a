"""The world, and what the API remembers about the calls themselves."""

from typing import Any

from ..protocol.call_log import CallLog
from ..protocol.faults import Faults
from ..protocol.idempotency import Answers
from ..protocol.versions import LATEST
from ..world.world import World


class ApiWorld(World):
    """Adds kept answers (for idempotency), waiting faults and the log of calls."""

    def __init__(self, *, api_version: str = LATEST, **given: Any) -> None:
        super().__init__(api_version=api_version, **given)

    def clear(self) -> None:
        """Forget every object, call, fault and delivery; keep the settings."""
        super().clear()
        self.answers = Answers()
        self.faults = Faults()
        self.calls = CallLog()
