"""The script's calls, answered in an envelope.

Chromium writes every failed fetch into the console of the page, and a declined
card (402) is not a fault of the page that embeds the Element. So the script
asks with ``_standin_envelope=1`` and gets ``200 {"status": 402, "body": …}``.
Without that parameter the API answers as Stripe does.
"""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ..protocol.http import Request, Response

MARK = "_standin_envelope"

# What a page cannot send as a header without a preflight that Stripe does not have.
AS_HEADERS = {
    "_standin_account": "Stripe-Account",
    "_standin_version": "Stripe-Version",
}


def handle(engine: Any, request: Request) -> Response | None:
    if not request.path.startswith("/v1/") or MARK not in request.query:
        return None
    pairs = parse_qsl(request.query, keep_blank_values=True)
    if (MARK, "1") not in pairs:
        return None
    answer = engine.handle(_opened(request, pairs))
    return _sealed(answer)


def _opened(request: Request, pairs: list[tuple[str, str]]) -> Request:
    headers = dict(request.headers)
    for name, value in pairs:
        if name in AS_HEADERS:
            headers[AS_HEADERS[name]] = value
    own = {MARK, *AS_HEADERS}
    query = urlencode([(name, value) for name, value in pairs if name not in own])
    return replace(request, query=query, headers=headers)


def _sealed(answer: Response) -> Response:
    try:
        body = json.loads(answer.body)
    except ValueError:
        body = {"error": {"type": "api_error", "message": "The answer is not JSON."}}
    envelope = Response.of_json({"status": answer.status, "body": body})
    envelope.headers |= {
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
    }
    envelope.delay_seconds = answer.delay_seconds
    envelope.reset = answer.reset
    return envelope
