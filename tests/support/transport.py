"""Stripe without a socket: what ``requests`` would send is handed to an engine.

The same edge at which a stand-in on a port stands, and some ten times faster, so
that tens of thousands of calls can be tried. The app and the stripe package run as
they are.
"""

from threading import RLock
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from stripe_standin.engine.engine import Engine
from stripe_standin.protocol.http import Request

BASE_URL = "http://stripe.test"


class Line:
    """The line to one engine. ``engine`` may be changed for another at any time."""

    base_url = BASE_URL

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.lock = RLock()
        # What was asked and answered, in order: "GET /v1/refunds" and the status.
        self.calls: list[tuple[str, int]] = []

    def lay(self, patch: pytest.MonkeyPatch) -> None:
        """Let every session of ``requests`` end here until ``patch`` is undone."""

        def send(adapter: Any, request: Any, **kwargs: Any) -> requests.Response:
            return self.send(request)

        patch.setattr(HTTPAdapter, "send", send)

    def send(self, request: Any) -> requests.Response:
        """Answer a prepared request; raise what ``requests`` raises on a reset."""
        parts, body = urlsplit(request.url), request.body or b""
        if parts.hostname != urlsplit(BASE_URL).hostname:
            raise AssertionError(f"A call to a stranger: {parts.hostname}")
        raw = body.encode() if isinstance(body, str) else body
        asked = Request(
            request.method, parts.path, parts.query, dict(request.headers), raw
        )
        with self.lock:
            said = self.engine.handle(asked)
        self.calls.append((f"{asked.method} {asked.path}", said.status))
        if said.reset:
            raise requests.ConnectionError("The connection was reset.")
        answer = requests.Response()
        answer.status_code, answer._content = said.status, said.body
        answer.headers = CaseInsensitiveDict(said.headers)
        answer.url, answer.request = request.url, request
        return answer
