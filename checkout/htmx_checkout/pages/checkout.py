"""The checkout page, its summary and its payment step."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from .. import audit
from ..conf import conf
from ..csp import allow_stripe
from ..exceptions import DraftRefused, EmailRefused, GatewayError
from ..models import Order, live_payment
from ..orders import current
from ..orders.draft import Draft
from ..orders.shopper import shopper
from ..payments import start
from . import responses
from .forms import DetailsForm, typed
from .responses import Reply

View = Callable[..., HttpResponse]


def checkout_view(view: View) -> View:
    """Never cached, never inside a transaction, and allowed to load Stripe.js."""
    return never_cache(transaction.non_atomic_requests(allow_stripe(view)))


@checkout_view
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The whole checkout page. Does not call Stripe.

    htmx may ask for it after a click on a boosted link. The answer makes the browser
    load the whole page instead, since the scripts in its head have to run.
    """
    reply = Reply(request)
    if reply.is_htmx:
        return reply.redirect(request.path)
    order, draft = _current_order(request), None
    try:
        draft = bag(request)
        if order is not None and current.shows_state(order, draft):
            return reply.state(order)
        draft = current.chargeable(current.payable_draft(order, draft))
        return _first_step(reply, order, draft)
    except DraftRefused as error:
        return reply.problem(error, draft=draft)


def _current_order(request: HttpRequest) -> Order | None:
    # Without a session there is no order, and looking at the page creates neither.
    if request.session.session_key is None:
        return None
    return current.current_order(shopper(request))


def _first_step(reply: Reply, order: Order | None, draft: Draft) -> HttpResponse:
    """The contact step; or the payment step, where the contact is known already.

    A reload, a second tab and Back come here after the contact step is done: the
    page then requests the same payment without a click.
    """
    # Makes a session, so that two clicks are known to be one shopper's.
    shopper(reply.request)
    email = (order.email if order else "") or draft.email
    is_underway = order is not None and order.is_open and live_payment(order)
    if is_underway and email and "change" not in reply.request.GET:
        return reply.step("resume", {"email": email}, bought=draft)
    context = {"form": DetailsForm(), "email": email}
    return reply.step("details", context, bought=draft)


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


@checkout_view
@require_POST
def payment(request: HttpRequest) -> HttpResponse:
    """Freeze the order, get its intent, and answer with the client secret.

    One view for htmx, for a plain form and for JSON. Of what is sent, only the
    e-mail address is used. Safe to repeat: the same bag gets the same intent.
    """
    reply = Reply(request)
    try:
        form = DetailsForm(typed(request))
    except ValueError:
        return reply.error("json_malformed", _("The request is not JSON."), 400)
    try:
        return _payment(reply, form)
    except (DraftRefused, GatewayError) as error:
        return reply.problem(error)


def _payment(reply: Reply, form: DetailsForm) -> HttpResponse:
    draft, who = bag(reply.request), shopper(reply.request)
    if draft is None:
        draft = current.payable_draft(current.current_order(who), draft)
    # A classic script may send no e-mail address: the one that is known is kept.
    is_left_out = reply.is_json and not form.data["email"]
    if not form.is_valid() and not is_left_out:
        return _details_again(reply, form, draft)
    email = form.cleaned_data.get("email") or _known_email(who, draft)
    draft = replace(draft, email=email) if draft else None
    try:
        with audit.by("checkout"):
            begun = start.begin(who, draft)
    except EmailRefused as error:
        form.add_error("email", str(error.sentence))
        return _details_again(reply, form, draft)
    return reply.payment(begun)


def _details_again(
    reply: Reply, form: DetailsForm, draft: Draft | None
) -> HttpResponse:
    """The contact step once more, with what was typed and what is wrong with it."""
    if reply.is_json:
        return reply.error("email_invalid", str(form.errors["email"][0]), 422)
    context: dict[str, Any] = {"form": form, "email": form.data["email"]}
    return reply.step("details", context, bought=draft, status=422)


def _known_email(who: str, draft: Draft | None) -> str:
    order: Order | None = current.current_order(who)
    return (order.email if order else "") or (draft.email if draft else "")


def bag(request: HttpRequest) -> Draft | None:
    """The draft from the host's order source; None for an empty bag."""
    found: Draft | None = conf().source(request)
    return found
