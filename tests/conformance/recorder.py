"""Listens at a stand-in's door, and judges what passed through it."""

import json
from collections.abc import Iterator
from typing import Any

from stripe import ErrorObject, Event

from htmx_checkout.gateway import API_VERSION

from . import endpoints, form
from .hints import FORM, Judge

VERSIONS = (None, API_VERSION)
BROWSER = "_standin_envelope"


class Recorder:
    """Keeps requests, answers and deliveries until they are judged.

    They are judged later, by whoever asks, so that no answer has to wait.
    """

    def __init__(self) -> None:
        self.passed: list[tuple[Any, Any]] = []
        self.posted: list[bytes] = []
        self.judged = 0

    def listen(self, server: Any) -> None:
        """Stand between the socket and a ``stripe_standin.shell.server.Server``."""
        answer, post = server.answer, server.engine.post

        def answered(request: Any) -> Any:
            response = answer(request)
            self.passed.append((request, response))
            return response

        def sent(delivery: Any) -> Any:
            request = post(delivery)
            self.posted.append(request.body)
            return request

        server.answer, server.engine.post = answered, sent

    def misfits(self) -> list[str]:
        """What did not fit since the last time this was asked."""
        passed, self.passed = self.passed, []
        posted, self.posted = self.posted, []
        found = [said for one in passed for said in judge(*one)]
        for body in posted:
            found += Judge().fits_class(json.loads(body), Event, "event")
        self.judged += len(passed) + len(posted)
        return found


def judge(request: Any, response: Any) -> Iterator[str]:
    """The complaints about one request and its answer."""
    if not request.path.startswith("/v1/") or request.method == "OPTIONS":
        return
    at = f"{request.method} {request.path}"
    if BROWSER in request.query:
        if not response.reset:
            yield from browser_answer(json.loads(response.body)["body"], at)
    elif by_secret_key(request) and request.header("stripe-version", None) in VERSIONS:
        yield from secret_exchange(request, response, at)


def by_secret_key(request: Any) -> bool:
    return request.header("authorization").startswith(("Bearer sk_", "Bearer rk_"))


def secret_exchange(request: Any, response: Any, at: str) -> Iterator[str]:
    endpoint = endpoints.find(request.method, request.path)
    if endpoint is None:
        if response.status != 404:
            yield f"{at} is no endpoint that the package knows"
        return
    given = form.read(request.query, request.body.decode())
    yield from Judge(FORM).fits(given, endpoint.params, endpoint.module, at)
    if response.reset:
        return
    body = json.loads(response.body)
    if "error" in body:
        yield from Judge().fits_class(body["error"], ErrorObject, f"{at}: error")
    else:
        answer = endpoint.answer
        yield from Judge().fits(body, answer, endpoint.module, f"{at}: {answer}")


def browser_answer(body: dict[str, Any], at: str) -> Iterator[str]:
    """What a publishable key is shown: fewer fields, and none of its own making."""
    if body.get("object", "").startswith("elements."):
        return
    if "error" in body:
        yield from Judge(whole=False).fits_class(body["error"], ErrorObject, at)
    else:
        yield from Judge(whole=False).fits_kind(body, at)
