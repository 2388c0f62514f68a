"""The till: the page, its summary, and the payment step."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import audit
from ..conf import conf
from ..csp import takes_payment
from ..exceptions import DraftRefused, EmailRefused, GatewayError
from ..models import Order, live_payment
from ..orders import current
from ..orders.draft import Draft
from ..orders.shopper import shopper
from ..payments import start
from . import responses
from .forms import DetailsForm, typed, wants_json

View = Callable[..., HttpResponse]


def at_the_till(view: View) -> View:
    """Never cached, never inside a transaction, and allowed to load Stripe.js."""
    return never_cache(transaction.non_atomic_requests(takes_payment(view)))


@at_the_till
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The whole checkout page. Makes no intent and calls nobody.

    A link that htmx has boosted is sent here again by the browser itself: the
    head of this page, with its scripts, must be read as a head.
    """
    if responses.is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": request.path})
    order, draft = _current_order(request), None
    try:
        draft = bag(request)
        if order is not None and current.shows_state(order, draft):
            return responses.state(request, order)
        draft = current.checked(current.wanted(order, draft))
        return _first_step(request, order, draft)
    except DraftRefused as error:
        return responses.problem(request, error, draft=draft)


def _current_order(request: HttpRequest) -> Order | None:
    # Who has no session has no order; looking around must make neither.
    if request.session.session_key is None:
        return None
    return current.order_of(shopper(request))


def _first_step(
    request: HttpRequest, order: Order | None, draft: Draft
) -> HttpResponse:
    """The contact step, or the payment again where contact is known already.

    A reload, a second tab or Back comes here with the contact step done: the
    page then asks for the same payment by itself.
    """
    # From here on there is a session: two clicks must be known as one shopper's.
    shopper(request)
    email = (order.email if order else "") or draft.email
    is_underway = order is not None and order.is_open and live_payment(order)
    if is_underway and email and "change" not in request.GET:
        return responses.step(request, "resume", {"email": email}, bought=draft)
    context = details(DetailsForm(), email)
    return responses.step(request, "details", context, bought=draft)


@never_cache
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """The order summary alone, for htmx, after the bag has changed."""
    try:
        draft = bag(request)
    except DraftRefused:
        draft = None
    context = {"summary": responses.summary(draft), "opened": True}
    return render(request, "htmx_checkout/summary/_summary.html", context)


@at_the_till
@require_POST
def payment(request: HttpRequest) -> HttpResponse:
    """Freeze the order, get its intent, answer with the client secret inside.

    The same for a partial, a page and JSON. What was sent decides nothing but
    the e-mail address.
    """
    try:
        form = DetailsForm(typed(request))
    except ValueError:
        said = {"code": "json_malformed", "message": _("The request is not JSON.")}
        return JsonResponse({"error": said}, status=400)
    try:
        return _payment(request, form)
    except (DraftRefused, GatewayError) as error:
        return responses.problem(request, error)


def _payment(request: HttpRequest, form: DetailsForm) -> HttpResponse:
    draft, at_till = bag(request), shopper(request)
    if draft is None:
        draft = current.wanted(current.order_of(at_till), draft)
    if not form.is_valid() and (form.data["email"] or not wants_json(request)):
        return _again(request, form, draft)
    # A classic script sends no e-mail; what is known already is kept.
    email = form.cleaned_data.get("email") or _known_email(at_till, draft)
    try:
        with audit.by("till"):
            begun = start.begin(at_till, draft, email)
    except EmailRefused as error:
        form.add_error("email", str(error.sentence))
        return _again(request, form, draft)
    return responses.payment(request, begun)


def _again(
    request: HttpRequest, form: DetailsForm, draft: Draft | None
) -> HttpResponse:
    """Show the contact step again, with what was typed."""
    if wants_json(request):
        said = {"code": "email_invalid", "message": form.errors["email"][0]}
        return JsonResponse({"error": said}, status=422)
    context = details(form, form.data["email"])
    response = responses.step(request, "details", context, bought=draft, status=422)
    return responses.replacing(response)


def details(form: DetailsForm, email: str) -> dict[str, Any]:
    """The context of ``_details.html``."""
    return {"form": form, "email": email}


def _known_email(at_till: str, draft: Draft | None) -> str:
    order: Order | None = current.order_of(at_till)
    return (order.email if order else "") or (draft.email if draft else "")


def bag(request: HttpRequest) -> Draft | None:
    """Ask the host what the shopper wants to buy; None when that is nothing."""
    found: Draft | None = conf().source(request)
    return found
