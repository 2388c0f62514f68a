"""After the shopper has paid: the return from Stripe, and the order's status."""

import logging
import secrets
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import audit, gateway
from ..conf import conf
from ..exceptions import GatewayError
from ..gateway.objects import Intent
from ..models import Order, Payment
from ..orders.shopper import is_payer, let_in, owns
from ..payments import settle
from ..signals import bag_taken
from . import responses
from .order_state import order_state

logger = logging.getLogger(__name__)


@login_not_required  # The client secret is proof enough, and must not be sent on.
@never_cache
@transaction.non_atomic_requests
@require_safe
def return_(request: HttpRequest, token: str) -> HttpResponse:
    """Take the shopper back from Stripe: ask how it went, and clean the URL.

    Stripe puts the client secret into this URL. It is compared, never shown,
    and gone with the redirect, which no browser puts into a Referer. The answer
    is the same redirect for all: what a stranger finds there is a 404.
    """
    payment = (
        Payment.objects.select_related("order")
        .filter(order__token=token, stripe_id=_text(request, "payment_intent"))
        .first()
    )
    if payment is not None and not payment.order.is_paid:
        with audit.by("return"):
            _settle(request, payment)
    elif payment is not None and not owns(request, payment.order):
        _admit(request, payment)
    response = redirect("htmx_checkout:status", token)
    response.status_code = 303
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _settle(request: HttpRequest, payment: Payment) -> None:
    """Bring a payment up to the truth for its own shopper, and for nobody else."""
    is_owner, intent = owns(request, payment.order), None
    # A stranger has to prove himself first, and is not made to wait for that.
    if not is_owner or payment.claim_look(timezone.now() - settle.LOOK_AGAIN):
        intent = _admit(request, payment)
    if intent is not None:
        settle.record(payment, intent)
    elif is_owner:
        # What was known before the bank is worth nothing now.
        Payment.objects.filter(pk=payment.pk).update(asked_at=None)


def _admit(request: HttpRequest, payment: Payment) -> Intent | None:
    """Let the shopper's own browser in; the intent is returned to nobody else.

    A session that has ended, or a bank's app that returns to another browser,
    proves itself by the client secret, which only the paying page ever had.
    """
    try:
        intent = gateway.retrieve(payment.stripe_id or "")
    except GatewayError:
        return None
    if not owns(request, payment.order):
        shown = _text(request, "payment_intent_client_secret")
        if not secrets.compare_digest(shown.encode(), intent.client_secret.encode()):
            return None
        let_in(request, payment.order)
    return intent


def _text(request: HttpRequest, name: str) -> str:
    # PostgreSQL refuses a NUL even in a comparison.
    return request.GET.get(name, "").replace("\0", "")


@never_cache
@transaction.non_atomic_requests
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The page that says how an order stands; its URL can be left and reopened."""
    order = _theirs(request, token)
    context = _look(request, order)
    context["summary"] = responses.summary(order)
    return render(request, "htmx_checkout/status.html", context)


@never_cache
@transaction.non_atomic_requests
@require_safe
def poll(request: HttpRequest, token: str) -> HttpResponse:
    """The status alone, for htmx, while it may still change."""
    order = _theirs(request, token)
    return render(request, "htmx_checkout/status/_status.html", _look(request, order))


def _theirs(request: HttpRequest, token: str) -> Order:
    """The shopper's own order. A stranger's looks like one that does not exist."""
    order = get_object_or_404(Order, token=token)
    if not owns(request, order):
        raise Http404
    return order


def _look(request: HttpRequest, order: Order) -> dict[str, Any]:
    """Ask Stripe where that can help; what it does not say is shown as unknown."""
    with audit.by("poll"):
        order, is_known = settle.look(order)
    if order.is_on_its_way and is_payer(request, order):
        _see(request, order)
    unsure = "unsure" in request.GET
    shown = order_state(order, is_known=is_known, look=_looks(request), unsure=unsure)
    return {"order": order, "face": shown}


def _looks(request: HttpRequest) -> int:
    looks = request.GET.get("look", "")
    return int(looks) if looks.isascii() and looks.isdigit() and len(looks) < 4 else 0


def _see(request: HttpRequest, order: Order) -> None:
    """Tell the host to empty the bag, once, if it is still the bag of this order."""
    if order.seen_at is not None:
        return
    try:
        draft = conf().source(request)
    except Exception:
        # The host's own trouble must not hide from a shopper that it is paid.
        logger.exception("The order source failed for %s", order)
        return
    unseen = Order.objects.filter(pk=order.pk, seen_at__isnull=True)
    if not unseen.update(seen_at=timezone.now()):
        return
    if draft is not None and draft.fingerprint == order.fingerprint:
        for receiver, error in bag_taken.send_robust(
            Order, request=request, order=order
        ):
            if error is not None:
                logger.error("%r did not empty the bag", receiver, exc_info=error)
