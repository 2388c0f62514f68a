"""The hosted page of a Checkout Session.

Source: https://docs.stripe.com/payments/checkout/how-checkout-works.
"""

import re
from typing import Any

from ..checkout_sessions import line_items, payment_pages, sessions
from ..protocol.errors import ApiError
from ..protocol.http import Request, Response
from . import amounts, assets, visits
from .assets import Markup, fill

ADDRESS = re.compile(r"/c/pay/([^/]+)")
SUBMIT = {"book": "Book", "donate": "Donate", "subscribe": "Subscribe"}
HEAD = Markup(
    '<link rel="stylesheet" href="/assets/style/hosted.css">\n'
    '<script src="/endive/stripe.js"></script>\n'
    '<script type="module" src="/assets/page/hosted.js"></script>\n'
)


def handle(engine: Any, request: Request) -> Response | None:
    match = ADDRESS.fullmatch(request.path)
    if match is None or request.method != "GET":
        return None
    try:
        session = sessions.find(engine, match[1])
    except ApiError:
        return visits.absent()
    if session["status"] == "open":
        return assets.page(draw(engine, session))
    # Whoever comes from a bank is passed on; whoever comes again is told.
    done = payment_pages.success_url(session)
    if session["status"] == "complete" and done and "payment_intent" in request.query:
        return Response.redirect(done)
    return assets.page(closed(session))


def draw(engine: Any, session: dict[str, Any]) -> Markup:
    total = amounts.display(session["amount_total"], session["currency"])
    form = fill(
        "hosted_form",
        id=session["id"],
        amount=session["amount_total"],
        currency=session["currency"],
        types=" ".join(session["payment_method_types"]),
        done=payment_pages.success_url(session) or "",
        email=email(engine, session),
        phone=Markup(PHONE if session["phone_number_collection"]["enabled"] else ""),
        verb=SUBMIT.get(session["submit_type"] or "", "Pay"),
        total=total,
    )
    body = fill(
        "hosted",
        total=total,
        lines=lines(engine, session),
        back=link(session["cancel_url"], "Cancel and go back to the shop"),
        form=form,
    )
    return visits.stage(f"Pay {total}", body, head=HEAD, kind="hosted")


PHONE = (
    '<div class="typed"><label for="phone">Phone number</label>'
    '<input id="phone" name="phone" type="tel" autocomplete="tel" required></div>'
)


def lines(engine: Any, session: dict[str, Any]) -> Markup:
    rows = [line(row) for row in line_items.of(engine, session["id"])]
    if shipping := session["shipping_cost"]:
        amount = amounts.display(shipping["amount_total"], session["currency"])
        rows.append(fill("hosted_line", name="Shipping", note="", amount=amount))
    return Markup("".join(rows))


def line(row: dict[str, Any]) -> Markup:
    currency, quantity = row["currency"], row["quantity"]
    unit = amounts.display(row["price"]["unit_amount"], currency)
    return fill(
        "hosted_line",
        name=row["description"],
        note=f"{quantity} at {unit} each" if quantity > 1 else "",
        amount=amounts.display(row["amount_total"], currency),
    )


def email(engine: Any, session: dict[str, Any]) -> str:
    customer = engine.store.find(session["customer"] or "") or {}
    return session["customer_email"] or customer.get("email") or ""


def link(url: str | None, text: str) -> Markup:
    # An address of another scheme would run in this origin when clicked.
    if not url or not url.startswith(("http://", "https://")):
        return Markup()
    return Markup(f'<p><a href="{assets.safe(url)}">{text}</a></p>')


def closed(session: dict[str, Any]) -> Markup:
    paid = session["status"] == "complete"
    url = payment_pages.success_url(session) if paid else session["cancel_url"]
    body = fill(
        "over",
        title="This payment is complete" if paid else "This page has expired",
        lead="The shop has been told. Nothing is left to do here."
        if paid
        else "Nothing was charged. Go back to the shop to start again.",
        back=link(url, "Back to the shop"),
    )
    return visits.stage("Checkout", body)
