"""What the bank's page and the challenge share: who pays what, and two buttons."""

from typing import Any

from ..protocol.http import Response
from . import amounts, assets
from .assets import Markup, fill

NOTHING = Markup()
LINK = '<p><a class="act" href="{}">Back to the shop</a></p>'

NAMES = {
    "bancontact": "Bancontact",
    "eps": "EPS",
    "ideal": "iDEAL",
    "klarna": "Klarna",
    "p24": "Przelewy24",
    "revolut_pay": "Revolut Pay",
}


def ask(
    engine: Any,
    visit: dict[str, Any],
    *,
    title: str,
    lead: str,
    actions: Markup,
    head: Markup = NOTHING,
) -> Markup:
    store = engine.store
    intent = store.find(visit["intent"])
    how, instrument = paid_with(store.find(visit["payment_method"]) or {})
    amount = amounts.display(intent.get("amount"), intent.get("currency"))
    body = fill(
        "ask",
        title=title,
        lead=lead,
        amount=amount,
        how=how,
        intent=intent["id"],
        actions=actions,
        **{"with": instrument},
    )
    return stage(title, body, head=head)


def paid_with(method: dict[str, Any]) -> tuple[str, str]:
    if card := method.get("card"):
        return "Card", f"{card['brand'].title()} ending in {card['last4']}"
    kind = method.get("type", "")
    return "Method", NAMES.get(kind, kind)


def over(return_url: str | None) -> Response:
    back = ""
    # An address of another scheme would run in this origin when clicked.
    if return_url and return_url.startswith(("http://", "https://")):
        back = LINK.format(assets.safe(return_url))
    body = fill(
        "over",
        title="This has been answered",
        lead="The payment has moved on. Nothing is left to do here.",
        back=Markup(back),
    )
    return assets.page(stage("Answered", body), framed=True)


def absent() -> Response:
    body = fill(
        "over",
        title="There is nothing here",
        lead="The address is not complete, or the stand-in was reset since.",
        back="",
    )
    return assets.page(stage("Not found", body), 404, framed=True)


def stage(
    title: str, body: Markup, *, head: Markup = NOTHING, kind: str = "visit"
) -> Markup:
    return fill("stage", title=title, body=body, head=head, kind=kind)
