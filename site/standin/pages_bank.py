"""The page that plays a bank, for methods that send the shopper away."""

import re
from typing import Any

from standin import pages_assets, pages_visits, redirects
from standin.errors import ApiError
from standin.http import Request, Response

ADDRESS = re.compile(r"/bank/([^/]+)(?:/(authorize|fail))?")


def handle(engine: Any, request: Request) -> Response | None:
    match = ADDRESS.fullmatch(request.path)
    if match is None:
        return None
    name, outcome = match.groups()
    try:
        visit = redirects.find(engine, name)
        if outcome is None:
            return show(engine, visit)
        if request.method == "POST":
            return Response.redirect(redirects.finish(engine, name, outcome))
    except ApiError:
        pass
    return pages_visits.absent()


def show(engine: Any, visit: dict[str, Any]) -> Response:
    if visit["status"] != "open":
        return pages_visits.over(visit["return_url"])
    name = pages_visits.NAMES.get(visit["type"], visit["type"])
    body = pages_visits.ask(
        engine,
        visit,
        title=f"{name} test payment",
        lead="This page plays your bank. Here you decide what the shop hears.",
        actions=pages_assets.fill("bank", id=visit["id"]),
    )
    return pages_assets.page(body)
