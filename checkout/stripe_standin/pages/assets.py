"""The files under ``browser/``: scripts, styles and HTML."""

import hashlib
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from ..protocol.http import Request, Response

ROOT = Path(__file__).parents[1] / "browser"
PREFIX = "/assets/"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

# No page needs more than the stand-in's own files. `http:` as a form's goal covers
# https too: the bank and the challenge send the shopper back to the shop, and
# Chromium holds the goal of a form against the redirect that answers it.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self' http: https:",
    "base-uri": "'none'",
}


def handle(engine: Any, request: Request) -> Response | None:
    if request.method != "GET" or not request.path.startswith(PREFIX):
        return None
    path = ROOT / request.path.removeprefix(PREFIX)
    if path not in _served():
        return Response.of_html("<h1>No such file</h1>", 404)
    return cached(request, path.read_bytes(), TYPES[path.suffix])


@cache
def _served() -> frozenset[Path]:
    """Only what lies there is served: no path of a request reaches the disk."""
    return frozenset(path for path in ROOT.rglob("*") if path.suffix in TYPES)


def cached(request: Request, body: bytes, content_type: str) -> Response:
    """Answer with a tag, or 304 when the browser still holds these bytes."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {
        "Content-Type": f"{content_type}; charset=utf-8",
        # A frame is a dozen small files: asking for each again makes it slow.
        "Cache-Control": "max-age=60",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if request.header("if-none-match") == tag:
        return Response(304, headers)
    return Response(200, headers, body)


class Markup(str):
    """Text that is HTML already, made by :func:`fill`."""

    __slots__ = ()


def fill(name: str, /, **values: Any) -> Markup:
    """Fill ``browser/pages/<name>.html``; whatever is not Markup is escaped."""
    text = (ROOT / "pages" / f"{name}.html").read_text(encoding="utf-8")
    return Markup(Template(text).substitute({k: safe(v) for k, v in values.items()}))


def safe(value: Any) -> Markup:
    return value if isinstance(value, Markup) else Markup(escape(str(value)))


def page(body: Markup, status: int = 200, *, framed: bool = False) -> Response:
    """Answer an HTML page under the stand-in's own policy.

    ``framed`` is for the pages that live in somebody else's page.
    """
    directives = POLICY if framed else POLICY | {"frame-ancestors": "'none'"}
    return Response.of_html(
        body,
        status,
        {
            "Content-Security-Policy": "; ".join(
                f"{name} {value}" for name, value in directives.items()
            ),
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        },
    )
