"""One result, three ways to say it: a partial, a whole page, or JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from ..conf import conf
from ..exceptions import CheckoutError, DraftRefused, StripeBusy
from ..models import Order
from ..money import Money
from ..orders.draft import Draft
from ..payments.start import Begun
from . import declines, order_state
from .forms import wants_json

PAGE = "htmx_checkout/page.html"
# The partials that a step of the page can be.
STEPS = {
    "details": "htmx_checkout/contact/_details.html",
    "resume": "htmx_checkout/contact/_resume.html",
    "payment": "htmx_checkout/payment/_payment.html",
    "healed": "htmx_checkout/layout/_healed.html",
    "problem": "htmx_checkout/layout/_problem.html",
}


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def summary(bought: Draft | Order | None) -> dict[str, Any] | None:
    """What ``_summary.html`` shows: lines with their Money, the total, the count."""
    if bought is None:
        return None
    rows = bought.snapshot() if isinstance(bought, Draft) else bought.lines
    lines = [
        line
        | {
            "each": Money(line["amount"], bought.currency),
            "total": Money(line["amount"] * line["quantity"], bought.currency),
        }
        for line in rows
    ]
    count = sum(line["quantity"] for line in rows)
    return {"lines": lines, "total": bought.total, "count": count}


def step(
    request: HttpRequest,
    name: str,
    context: dict[str, Any],
    *,
    bought: Draft | Order | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer the till's next step: the partial of ``name``, or the page with it.

    The partial where htmx asked, the whole page for a plain form.
    """
    template = STEPS[name]
    if is_htmx(request):
        response = render(request, template, context, status=status)
    else:
        context |= {"step": template, "summary": summary(bought)}
        response = render(request, PAGE, context, status=status)
    patch_vary_headers(response, ["HX-Request", "Accept"])
    return response


def payment(request: HttpRequest, begun: Begun) -> HttpResponse:
    """The answer that holds the client secret, or the way to the order's state."""
    order, intent = begun.order, begun.intent
    if intent is None:
        return state(request, order)
    if wants_json(request):
        return JsonResponse(
            {
                "clientSecret": intent.client_secret,
                "publishableKey": conf().publishable_key,
                "amount": intent.amount,
                "currency": intent.currency,
                "returnUrl": return_url(request, order),
            }
        )
    total = Money(intent.amount, intent.currency)
    context = {"order": order, "intent": intent, "total": total}
    if is_htmx(request) and request.POST.get("mounted") == intent.stripe_id:
        # The Element is mounted for this intent and must not be swapped away
        # under the shopper's fingers: only the button follows.
        return render(request, "htmx_checkout/payment/_button.html", context)
    context |= {
        "return_url": return_url(request, order),
        "decline": declines.sentence(intent.last_error) if intent.last_error else "",
    }
    return replacing(step(request, "payment", context, bought=order))


def state(request: HttpRequest, order: Order) -> HttpResponse:
    """Send the shopper to the status page: there is nothing to pay here."""
    url = reverse("htmx_checkout:status", args=[order.token])
    if wants_json(request):
        name = order_state.order_state(order, is_known=True).name
        error = {
            "code": name,
            "message": str(order_state.NAMES[name]),
            "statusUrl": url,
        }
        return JsonResponse({"error": error}, status=409)
    if is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def problem(
    request: HttpRequest, error: CheckoutError, *, draft: Draft | None = None
) -> HttpResponse:
    """One sentence about what is wrong, and one way on."""
    status = 422 if isinstance(error, DraftRefused) else 503
    if wants_json(request):
        said = {"code": error.code, "message": str(error.sentence)}
        return quiet(JsonResponse({"error": said}, status=status))
    if status == 503 and is_htmx(request) and request.POST.get("mounted"):
        # The Element stays, with what was typed; the script says that an answer
        # did not come, and looks at the amount again before it confirms.
        return quiet(HttpResponse(status=502))
    context = {"problem": error, "can_retry": status == 503}
    if request.method == "GET":
        # Looking at an empty bag is no mistake of the browser's.
        status = 200
    response = step(request, "problem", context, bought=draft, status=status)
    if isinstance(error, StripeBusy):
        response.headers["Retry-After"] = "2"
    return quiet(replacing(response))


def quiet(response: HttpResponse) -> HttpResponse:
    """Keep Django from logging a 503 of ours as an error, and mailing each one.

    The gateway has already said what is wrong, once for each call. The mark is
    the one that ``django.utils.log.log_response`` sets and looks for.
    """
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def replacing(response: HttpResponse) -> HttpResponse:
    """Let a partial take the place of the whole step, whoever asked for it."""
    response.headers["HX-Retarget"] = "#step"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def return_url(request: HttpRequest, order: Order) -> str:
    """Where Stripe sends the browser after the bank: absolute, as it requires."""
    path = reverse("htmx_checkout:return", args=[order.token])
    if conf().public_origin:
        return conf().public_origin.rstrip("/") + path
    return request.build_absolute_uri(path)
