"""The page that plays a bank, for methods that send the shopper away."""

import re
from typing import Any

from ..intents import bank_redirects
from ..protocol.errors import ApiError
from ..protocol.http import Request, Response
from . import assets, visits

ADDRESS = re.compile(r"/bank/([^/]+)(?:/(authorize|fail))?")


def handle(engine: Any, request: Request) -> Response | None:
    match = ADDRESS.fullmatch(request.path)
    if match is None:
        return None
    name, outcome = match.groups()
    try:
        visit = bank_redirects.find(engine, name)
        if outcome is None:
            return show(engine, visit)
        if request.method == "POST":
            return Response.redirect(bank_redirects.finish(engine, name, outcome))
    except ApiError:
        pass
    return visits.absent()


def show(engine: Any, visit: dict[str, Any]) -> Response:
    if visit["status"] != "open":
        return visits.over(visit["return_url"])
    name = visits.NAMES.get(visit["type"], visit["type"])
    body = visits.ask(
        engine,
        visit,
        title=f"{name} test payment",
        lead="This page plays your bank. Here you decide what the shop hears.",
        actions=assets.fill("bank", id=visit["id"]),
    )
    return assets.page(body)
