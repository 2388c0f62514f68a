"""The network between the app's stripe package and the stand-in's engine.

A transport adapter of ``requests`` is the edge: what is above it is the real package
and the real app, what is below it is the engine, and in between everything can go
wrong that can go wrong on a line.
"""

import io
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from stripe_standin.protocol.faults import Fault
from stripe_standin.protocol.http import Request, Response

# What strikes, how often beside the others, and what the engine calls it.
LINE = {
    "request lost": (3, "reset_before"),
    "done, answer lost": (6, "reset_after"),
    "500, nothing done": (2, "server_error"),
    "500 although done": (3, "server_error_after"),
    "429": (2, "rate_limit"),
    "429 lock_timeout": (2, "lock_timeout"),
    "slow": (3, "slow"),
    "cannot be reached": (2, ""),
    "answer cut short": (3, ""),
    "a proxy's page": (2, ""),
}
NAMES, WEIGHTS = list(LINE), [weight for weight, _kind in LINE.values()]
PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


class Wire:
    """One scene's line to Stripe; ``strikes`` is the chance for each call."""

    def __init__(self, scene: Any, strikes: float) -> None:
        self.scene, self.strikes = scene, strikes

    def send(self, adapter: HTTPAdapter, request: Any, timeout: Any) -> Any:
        """Carry one request there and its answer back, or fail as a line does."""
        scene = self.scene
        scene.fate.meet("ON THE WAY TO STRIPE")
        fault = self._fault()
        if fault == "cannot be reached":
            scene.clock.advance(timeout[0])
            raise requests.ConnectTimeout("simulated", request=request)
        response = self._handle(request, fault)
        scene.fate.meet("ON THE WAY BACK")
        self._wait(request, response, timeout)
        if fault == "answer cut short":
            response.body = response.body[: len(response.body) // 2]
        elif fault == "a proxy's page":
            response = Response.of_html(PAGE.decode(), scene.dice.choice((200, 502)))
        return _answer(adapter, request, response)

    def _fault(self) -> str:
        scene = self.scene
        if not scene.strikes("", self.strikes):
            return ""
        fault = scene.dice.choices(NAMES, WEIGHTS)[0]
        scene.tally[f"stripe: {fault}"] += 1
        scene.note(f"[{fault}]")
        return fault

    def _handle(self, request: Any, fault: str) -> Response:
        engine = self.scene.engine
        kind = LINE[fault][1] if fault else ""
        if kind:
            seconds = self.scene.dice.choice((2.0, 8.0, 30.0))
            engine.faults.add(Fault(kind, 1, key="secret", seconds=seconds))
        self._watch_challenges(request)
        response = engine.handle(_as_engine_takes_it(request))
        engine.faults.waiting.clear()
        if response.headers.get("Idempotent-Replayed"):
            self.scene.tally["stripe: the same answer again"] += 1
        if response.status == 409:
            self.scene.tally["stripe: the same key in flight"] += 1
        return response

    def _watch_challenges(self, request: Any) -> None:
        """Note a total that is changed while the bank asks its shopper about another.

        The stand-in lets the challenge stand, and charges the new total after it: an
        open question about Stripe itself (see ``safety``).
        """
        _, _, stripe_id = urlsplit(request.url).path.partition("/payment_intents/")
        intent = self.scene.engine.store.find(stripe_id)
        if (
            request.method == "POST"
            and intent
            and intent["status"] == "requires_action"
        ):
            self.scene.edited.add(stripe_id)
            self.scene.tally["open question: changed during a challenge"] += 1

    def _wait(self, request: Any, response: Response, timeout: Any) -> None:
        """Let the answer take its time; a lost one takes all that the app gives it."""
        clock = self.scene.clock
        late = response.delay_seconds > timeout[1]
        seconds = timeout[1] if late else response.delay_seconds
        clock.advance(seconds + self.scene.dice.choice((0.0, 0.03, 0.3)))
        if late:
            raise requests.ReadTimeout("simulated", request=request)
        if response.reset:
            raise requests.ConnectionError("simulated", request=request)


def _as_engine_takes_it(request: Any) -> Request:
    url = urlsplit(request.url)
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else body
    return Request(request.method, url.path, url.query, dict(request.headers), body)


def _answer(adapter: HTTPAdapter, request: Any, response: Response) -> Any:
    raw = urllib3.HTTPResponse(
        body=io.BytesIO(response.body),
        headers=response.headers,
        status=response.status,
        preload_content=False,
    )
    return adapter.build_response(request, raw)
