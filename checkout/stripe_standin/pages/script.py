"""The script ``stripe.js``, put together from its modules for each release train."""

import re
from functools import cache
from typing import Any

from ..protocol.http import Request, Response
from . import assets

# In the order in which one builds on the other.
MODULES = (
    "errors",
    "form",
    "api",
    "emitter",
    "channel",
    "kinds",
    "element",
    "group",
    "overlay",
    "intents",
    "methods",
    "confirm",
    "wallet",
    "older",
    "trains",
    "stripe",
)
TRAINS = ("acacia", "basil", "clover", "dahlia", "endive")
ADDRESS = re.compile(rf"/(?:v3(?:/(?:stripe\.js)?)?|({'|'.join(TRAINS)})/stripe\.js)")

HEAD = """/* A stand-in for Stripe.js: for tests and demonstrations. No money moves. */
(() => {{
'use strict';
const TRAIN = '{train}';
const BASE = new URL(document.currentScript.src).origin;
"""
FOOT = "})();\n"


def handle(engine: Any, request: Request) -> Response | None:
    match = ADDRESS.fullmatch(request.path)
    if request.method != "GET" or match is None:
        return None
    body = assemble(match[1] or "v3").encode()
    return assets.cached(request, body, "text/javascript")


@cache
def assemble(train: str) -> str:
    """The whole script as one classic script: hosts include it without ``type``."""
    parts = [
        (assets.ROOT / "script" / f"{name}.js").read_text(encoding="utf-8")
        for name in MODULES
    ]
    return HEAD.format(train=train) + "\n".join(parts) + FOOT
