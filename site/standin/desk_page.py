"""The desk: a page for people over the JSON API in :mod:`standin.desk`."""

from typing import Any

from standin import pages_assets, pages_visits
from standin.http import Request, Response
from standin.pages_assets import Markup, fill

HEAD = Markup(
    '<link rel="stylesheet" href="/assets/style/desk.css">\n'
    '<script type="module" src="/assets/desk/desk.js"></script>\n'
)


def handle(engine: Any, request: Request) -> Response | None:
    if request.method != "GET" or request.path.rstrip("/") != "/desk":
        return None
    stage = pages_visits.stage("Desk", fill("desk"), head=HEAD, kind="desk")
    return pages_assets.page(stage)
