"""The page on which the bank asks who is paying (3D Secure)."""

import re
from typing import Any

from standin import authentications, pages_assets, pages_visits, redirects
from standin.errors import ApiError
from standin.http import Request, Response
from standin.pages_assets import Markup

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
    return pages_visits.absent()


def show(engine: Any, challenge: dict[str, Any]) -> Response:
    if challenge["status"] != "open":
        return pages_visits.over(challenge["return_url"])
    body = pages_visits.ask(
        engine,
        challenge,
        title="Confirm that it is you",
        lead="Your bank wants to know who is paying. Here you decide what it hears.",
        actions=pages_assets.fill("challenge", id=challenge["id"]),
        head=SCRIPT,
    )
    # `frame-ancestors 'self'` would be too narrow: the shop's page is an ancestor too.
    return pages_assets.page(body, framed=True)


def answer(
    engine: Any, request: Request, challenge: dict[str, Any], outcome: str
) -> Response:
    """Finish it once; a second answer changes nothing."""
    intent = authentications.finish(engine, challenge["id"], outcome)
    if "json" in request.header("accept"):
        return Response.of_json({"outcome": outcome, "status": intent["status"]})
    if challenge["return_url"]:
        return Response.redirect(redirects.back(intent, challenge["return_url"]))
    return pages_visits.over(None)


SCRIPT = Markup('<script type="module" src="/assets/page/challenge.js"></script>\n')
