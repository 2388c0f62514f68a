"""One result as what the request asks for: a whole page, a partial, or JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from ..conf import conf
from ..core.responses import quiet
from ..exceptions import CheckoutError, DraftRefused, StripeBusy
from ..gateway.objects import Intent
from ..models import Order
from ..money import Money
from ..orders.draft import Draft
from ..payments.start import Begun
from . import declines
from .order_state import state_of

PAGE = "htmx_checkout/page.html"
# The partials that can stand in the page's ``#step``.
STEPS = {
    "details": "htmx_checkout/contact/_details.html",
    "resume": "htmx_checkout/contact/_resume.html",
    "payment": "htmx_checkout/payment/_payment.html",
    "healed": "htmx_checkout/layout/_healed.html",
    "cookies": "htmx_checkout/layout/_cookies.html",
    "problem": "htmx_checkout/layout/_problem.html",
}
RETRY_AFTER_SECONDS = 2


class Reply:
    """The answers to one request. Decides once how the request wants to be answered.

    ``is_json``: a script of the host's own asks for JSON, or sends it. ``is_htmx``:
    htmx asks, and gets a partial. Neither: a browser asks, and gets a whole page.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.is_json = _wants_json(request)
        is_htmx = request.headers.get("HX-Request") == "true"
        self.is_htmx = is_htmx and not self.is_json

    def step(
        self,
        name: str,
        context: dict[str, Any],
        *,
        bought: Draft | Order | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The step ``name`` of ``STEPS``: its partial, or the whole page with it.

        ``bought`` is what the summary of a whole page lists.
        """
        template = STEPS[name]
        if not self.is_htmx:
            context |= {"step": template, "summary": summary(bought)}
            return self.render(PAGE, context, status)
        response = self.render(template, context, status)
        # It replaces the whole step, whichever element of the page asked for it.
        response.headers["HX-Retarget"] = "#step"
        response.headers["HX-Reswap"] = "innerHTML"
        return response

    def payment(self, begun: Begun) -> HttpResponse:
        """The payment step with its client secret, or the way to the order's status."""
        order, intent = begun.order, begun.intent
        if intent is None:
            return self.state(order)
        return_url = _return_url(self.request, order)
        if self.is_json:
            return self._varied(JsonResponse(_for_script(intent, return_url)))
        total = Money(intent.amount, intent.currency)
        context: dict[str, Any] = {"order": order, "intent": intent, "total": total}
        if self.is_htmx and self.request.POST.get("mounted") == intent.stripe_id:
            # The Element is mounted for this intent, and swapping it would delete
            # what the shopper has typed: only the button follows.
            return self.render("htmx_checkout/payment/_button.html", context)
        said = declines.sentence(intent.last_error) if intent.last_error else ""
        context |= {"return_url": return_url, "decline": said}
        return self.step("payment", context, bought=order)

    def state(self, order: Order) -> HttpResponse:
        """Send the shopper to the order's status page: there is nothing to pay."""
        url = reverse("htmx_checkout:status", args=[order.token])
        if not self.is_json:
            return self.redirect(url)
        name = state_of(order, is_known=True).name
        return self.error(name, str(name.label), 409, statusUrl=url)

    def problem(
        self, error: CheckoutError, *, draft: Draft | None = None
    ) -> HttpResponse:
        """Say what is wrong, and what to do: 422 for a refused draft, else 503.

        A GET for the page gets 200 all the same: an empty bag is not an error of the
        browser's.
        """
        status = 422 if isinstance(error, DraftRefused) else 503
        is_mounted = self.is_htmx and bool(self.request.POST.get("mounted"))
        if self.is_json:
            response = self.error(error.code, str(error.sentence), status)
        elif status == 503 and is_mounted:
            # htmx does not swap a 502, so the Element stays with what was typed. The
            # script says that an answer did not come, and compares the amount with
            # Stripe's before it confirms.
            response = HttpResponse(status=502)
        else:
            context = {"problem": error, "can_retry": status == 503}
            status = 200 if self.request.method == "GET" else status
            response = self.step("problem", context, bought=draft, status=status)
        if isinstance(error, StripeBusy):
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return quiet(response)

    def error(self, code: str, message: str, status: int, **more: str) -> HttpResponse:
        """An error as JSON: ``{"error": {"code", "message", …}}``."""
        said = {"code": code, "message": message} | more
        return self._varied(JsonResponse({"error": said}, status=status))

    def redirect(self, url: str) -> HttpResponse:
        """Send the browser to ``url``: htmx by its own header, others by a 303."""
        if self.is_htmx:
            return self._varied(HttpResponse(headers={"HX-Redirect": url}))
        return self._varied(HttpResponseRedirect(url, status=303))

    def render(
        self, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        """``template`` as the answer, for htmx and for browsers."""
        return self._varied(render(self.request, template, context, status=status))

    def _varied(self, response: HttpResponse) -> HttpResponse:
        # The same URL gives three kinds of answers: no cache may mix them up.
        patch_vary_headers(response, ["HX-Request", "Accept"])
        return response


def _wants_json(request: HttpRequest) -> bool:
    if request.content_type == "application/json":
        return True
    kinds = ["text/html", "application/json"]
    return request.get_preferred_type(kinds) == "application/json"


def _for_script(intent: Intent, return_url: str) -> dict[str, str | int]:
    """What a classic script needs; ``amount`` is in minor units of ``currency``."""
    return {
        "clientSecret": intent.client_secret,
        "publishableKey": conf().publishable_key,
        "amount": intent.amount,
        "currency": intent.currency,
        "returnUrl": return_url,
    }


def summary(bought: Draft | Order | None) -> dict[str, Any] | None:
    """What ``_summary.html`` shows: lines with their ``Money``, total and count."""
    if bought is None:
        return None
    rows = bought.snapshot() if isinstance(bought, Draft) else bought.lines
    lines = []
    for row in rows:
        each = Money(row["amount"], bought.currency)
        total = Money(row["amount"] * row["quantity"], bought.currency)
        lines.append(row | {"each": each, "total": total})
    count = sum(line["quantity"] for line in rows)
    return {"lines": lines, "total": bought.total, "count": count}


def _return_url(request: HttpRequest, order: Order) -> str:
    # Absolute, as Stripe requires for the way back from the bank.
    path = reverse("htmx_checkout:return", args=[order.token])
    if conf().public_origin:
        return conf().public_origin.rstrip("/") + path
    return request.build_absolute_uri(path)
