"""The door that shoppers and webhooks knock at: any web server that lives answers."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from .proxy import Proxy, Reactor

WEBHOOK = b" /checkout/webhook/ "


class Balancer(Proxy):
    """A proxy before several servers, that notes what they answer and how fast."""

    def __init__(
        self, reactor: Reactor, ports: Callable[[], Sequence[int]], seed: object
    ) -> None:
        order = random.Random(f"{seed} order")

        def shuffled() -> list[int]:
            return order.sample(ports(), len(ports()))

        self.lock = threading.Lock()
        # What was answered to whom: ("page", "200") and so on; "cut" is no answer.
        self.statuses: Counter[tuple[str, str]] = Counter()
        self.seconds: dict[str, list[float]] = {"page": [], "webhook": []}
        super().__init__(reactor, shuffled, seed)

    def observe(self, asked: bytes, answered: bytes, seconds: float) -> None:
        line = asked.partition(b"\r\n")[0]
        kind = "webhook" if WEBHOOK in line else "page"
        status = answered.split(b" ", 2)[1].decode() if answered[:5] == b"HTTP/" else ""
        with self.lock:
            self.statuses[kind, status or "cut"] += 1
            if status:
                self.seconds[kind].append(seconds)

    def percentile(self, kind: str, share: float) -> float:
        """The time within which ``share`` of the answers began, in milliseconds."""
        with self.lock:
            sorted_ = sorted(self.seconds[kind])
        return sorted_[int(share * (len(sorted_) - 1))] * 1000 if sorted_ else 0.0
