"""The desk's page, which calls the JSON API in ``api.py``."""

from typing import Any

from ..pages import assets, visits
from ..pages.assets import Markup, fill
from ..protocol.http import Request, Response

HEAD = Markup(
    '<link rel="stylesheet" href="/assets/style/desk.css">\n'
    '<script type="module" src="/assets/desk/desk.js"></script>\n'
)


def handle(engine: Any, request: Request) -> Response | None:
    if request.method != "GET" or request.path.rstrip("/") != "/desk":
        return None
    stage = visits.stage("Desk", fill("desk"), head=HEAD, kind="desk")
    return assets.page(stage)
