"""After the shopper has paid: the return from Stripe, and the order's status."""

import logging
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import answers, gateway, settlement
from .conf import conf
from .exceptions import DraftRefused, GatewayError
from .faces import face
from .models import Order, Payment
from .shoppers import let_in, owns
from .signals import bag_paid

logger = logging.getLogger(__name__)

# However many tabs look, Stripe is asked about one order once in this time.
LOOK_AGAIN = timedelta(seconds=1)


@never_cache
@transaction.non_atomic_requests
@require_safe
def return_(request: HttpRequest, token: str) -> HttpResponse:
    """Take the shopper back from Stripe: ask how it went, and clean the URL.

    Stripe puts the client secret into this URL. It is compared, never shown,
    and gone with the redirect, which no browser puts into a Referer.
    """
    payment = get_object_or_404(
        Payment.objects.select_related("order"),
        order__token=token,
        stripe_id=request.GET.get("payment_intent", ""),
    )
    order = payment.order
    try:
        intent = gateway.retrieve(payment.stripe_id or "")
    except GatewayError:
        if not owns(request, order):
            raise Http404 from None
        # What was known before the bank is worth nothing now.
        order.payments.update(asked_at=None)
    else:
        _admit(request, order, intent.client_secret)
        settlement.record(payment, intent)
    response = redirect("checkout:status", token)
    response.status_code = 303
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _admit(request: HttpRequest, order: Order, client_secret: str) -> None:
    """Let the shopper's own browser in, and nobody else's.

    A session that has ended, or a bank's app that returns to another browser,
    proves itself by the client secret, which only the paying page ever had.
    """
    if owns(request, order):
        return
    shown = request.GET.get("payment_intent_client_secret", "")
    if not secrets.compare_digest(shown.encode(), client_secret.encode()):
        raise Http404
    let_in(request, order)


@never_cache
@transaction.non_atomic_requests
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The page that says how an order stands; its URL can be left and reopened."""
    order = _theirs(request, token)
    context = _look(request, order)
    context["summary"] = answers.summary(order)
    return render(request, "checkout/status.html", context)


@never_cache
@transaction.non_atomic_requests
@require_safe
def poll(request: HttpRequest, token: str) -> HttpResponse:
    """The status alone, for htmx, while it may still change."""
    order = _theirs(request, token)
    return render(request, "checkout/_status.html", _look(request, order))


def _theirs(request: HttpRequest, token: str) -> Order:
    """The shopper's own order. A stranger's looks like one that does not exist."""
    order = get_object_or_404(Order, token=token)
    if not owns(request, order):
        raise Http404
    return order


def _look(request: HttpRequest, order: Order) -> dict[str, Any]:
    """Ask Stripe where that can help; what it does not say is shown as unknown."""
    is_known = True
    try:
        order = settlement.settle(order, unless_asked_within=LOOK_AGAIN)
    except GatewayError:
        is_known = False
    if order.is_paid:
        _see(request, order)
    unsure = "unsure" in request.GET
    shown = face(order, is_known=is_known, look=_looks(request), unsure=unsure)
    return {"order": order, "face": shown}


def _looks(request: HttpRequest) -> int:
    looks = request.GET.get("look", "")
    return int(looks) if looks.isascii() and looks.isdigit() and len(looks) < 4 else 0


def _see(request: HttpRequest, order: Order) -> None:
    """Tell the host to empty the bag, once, if it is still the bag that was paid."""
    unseen = Order.objects.filter(pk=order.pk, seen_at__isnull=True)
    if not unseen.update(seen_at=timezone.now()):
        return
    try:
        draft = conf().source(request)
    except DraftRefused:
        return
    if draft is None or draft.fingerprint != order.fingerprint:
        return
    for receiver, error in bag_paid.send_robust(Order, request=request, order=order):
        if error is not None:
            logger.error("%r did not empty the bag", receiver, exc_info=error)
