"""The engine: a request in, an answer out, and nothing else happens.

It reads the clock it was given, draws ids from the seed it was given, and
puts delays and dropped connections into the response, for the server to do.
"""

from typing import Any

from ..checkout_sessions import payment_pages
from ..protocol.http import Request, Response
from ..webhooks import events, retries, webhook_endpoints
from ..world.deliveries import Delivery
from ..world.store import Object
from . import api, scheduled
from .api_world import ApiWorld


class Engine(ApiWorld):
    """A whole stand-in.

    Drive it by :meth:`handle`, and between calls by :meth:`tick`,
    :meth:`due`, :meth:`post` and :meth:`delivered`. Not thread-safe.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.observers.append(payment_pages.follow)

    def handle(self, request: Request) -> Response:
        """Answer one request under ``/v1``. Whatever is due happens first."""
        self.tick()
        return api.answer(self, request)

    def tick(self) -> int:
        """Do what the clock has made due; returns how many timers that were."""
        done = 0
        while timer := self.timers.pop(self.clock.now()):
            scheduled.do(self, timer)
            done += 1
        return done

    def next_due(self) -> float | None:
        """When something will be due, in Unix seconds of the engine's clock."""
        times = (self.timers.next_due(), self.deliveries.next_due())
        return min((time for time in times if time is not None), default=None)

    def due(self) -> list[Delivery]:
        """Deliveries to be posted now, earliest first."""
        self.tick()
        return self.deliveries.due(self.clock.now())

    def post(self, delivery: Delivery) -> Request:
        """The signed request for ``delivery``; its ``path`` is the whole URL."""
        return events.post(self, delivery)

    def delivered(self, delivery: Delivery, status: int | None) -> None:
        """Say what the endpoint answered; ``None`` for no answer at all."""
        retries.answered(delivery, status, self.clock.now())

    def register(self, url: str, secret: str = "") -> Object:
        """Add a webhook endpoint for all events, with a known secret."""
        return webhook_endpoints.register(self, url, secret)
