"""The page on which the bank asks who is paying (3D Secure)."""

import re
from typing import Any

from ..intents import authentications, bank_redirects
from ..protocol.errors import ApiError
from ..protocol.http import Request, Response
from . import assets, visits
from .assets import Markup

ADDRESS = re.compile(r"/challenge/([^/]+)(?:/(complete|fail|cancel))?")


def handle(engine: Any, request: Request) -> Response | None:
    match = ADDRESS.fullmatch(request.path)
    if match is None:
        return None
    name, outcome = match.groups()
    try:
        challenge = authentications.find(engine, name)
        if outcome is None:
            return show(engine, challenge)
        if request.method == "POST":
            return answer(engine, request, challenge, outcome)
    except ApiError:
        pass
    return visits.absent()


def show(engine: Any, challenge: dict[str, Any]) -> Response:
    if challenge["status"] != "open":
        return visits.over(challenge["return_url"])
    body = visits.ask(
        engine,
        challenge,
        title="Confirm that it is you",
        lead="Your bank wants to know who is paying. Here you decide what it hears.",
        actions=assets.fill("challenge", id=challenge["id"]),
        head=SCRIPT,
    )
    # `frame-ancestors 'self'` would be too narrow: the shop's page is an ancestor too.
    return assets.page(body, framed=True)


def answer(
    engine: Any, request: Request, challenge: dict[str, Any], outcome: str
) -> Response:
    """Finish it once; a second answer changes nothing."""
    intent = authentications.finish(engine, challenge["id"], outcome)
    if "json" in request.header("accept"):
        return Response.of_json({"outcome": outcome, "status": intent["status"]})
    if challenge["return_url"]:
        return Response.redirect(bank_redirects.back(intent, challenge["return_url"]))
    return visits.over(None)


SCRIPT = Markup('<script type="module" src="/assets/page/challenge.js"></script>\n')
