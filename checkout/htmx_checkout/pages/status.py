"""After the payment: the return from Stripe, and the status of the order."""

import logging
import secrets
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import audit
from ..conf import conf
from ..gateway.objects import Intent
from ..models import Order, Payment
from ..orders.shopper import is_payer, let_in, owns
from ..payments import sync
from ..signals import bag_taken
from .order_state import state_of
from .responses import summary

logger = logging.getLogger(__name__)


@login_not_required  # The client secret is proof enough, and must not be sent on.
@never_cache
@transaction.non_atomic_requests
@require_safe
def return_(request: HttpRequest, token: str) -> HttpResponse:
    """The way back from Stripe: ask how the payment went, and go to its status.

    Stripe puts the client secret into this URL. It is compared and never shown.
    The redirect takes it out of the address bar, and out of any Referer. Everybody
    gets the same redirect; a stranger finds a 404 at its end. Safe to repeat.
    """
    names = {"order__token": token, "stripe_id": _text(request, "payment_intent")}
    payment = Payment.objects.select_related("order").filter(**names).first()
    if payment is not None:
        with audit.by("return"):
            _refresh(request, payment)
    url = reverse("htmx_checkout:status", args=[token])
    response = HttpResponseRedirect(url, status=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _refresh(request: HttpRequest, payment: Payment) -> None:
    """Ask Stripe about the payment, if its own shopper came back."""
    is_owner, is_kept = owns(request, payment.order), False
    if is_owner and payment.order.is_paid:
        return
    # A stranger's request must show the client secret, and needs no turn.
    if not is_owner or payment.claim_look(timezone.now() - sync.LOOK_AGAIN):
        is_kept = sync.refresh_if(payment, partial(_admit, request, payment.order))
    if is_owner and not is_kept:
        # What was stored before the visit to the bank is out of date: ask at next look.
        Payment.objects.filter(pk=payment.pk).update(asked_at=None)


def _admit(request: HttpRequest, order: Order, intent: Intent) -> bool:
    """True for the shopper's own browser; binds the order to its session.

    A session that has ended, or a bank's app that returns to another browser, is
    let in by the client secret, which only the paying page ever had.
    """
    if owns(request, order):
        return True
    shown = _text(request, "payment_intent_client_secret")
    if not secrets.compare_digest(shown.encode(), intent.client_secret.encode()):
        return False
    let_in(request, order)
    return True


def _text(request: HttpRequest, name: str) -> str:
    # PostgreSQL refuses a NUL even in a comparison.
    return request.GET.get(name, "").replace("\0", "")


@never_cache
@transaction.non_atomic_requests
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """The status page of an order. It can be closed and opened again."""
    order = _own_order(request, token)
    context = _context(request, order)
    context["summary"] = summary(order)
    return render(request, "htmx_checkout/status.html", context)


@never_cache
@transaction.non_atomic_requests
@require_safe
def poll(request: HttpRequest, token: str) -> HttpResponse:
    """The status alone, for htmx, while it may still change."""
    context = _context(request, _own_order(request, token))
    return render(request, "htmx_checkout/status/_status.html", context)


def _own_order(request: HttpRequest, token: str) -> Order:
    """The shopper's own order; 404 for any other, as for one that does not exist."""
    order = get_object_or_404(Order, token=token)
    if not owns(request, order):
        raise Http404
    return order


def _context(request: HttpRequest, order: Order) -> dict[str, Any]:
    """Order and state for the templates, after asking Stripe where that can help."""
    with audit.by("poll"):
        order, is_known = sync.look(order)
    if order.is_on_its_way and is_payer(request, order):
        _empty_bag(request, order)
    unsure, look = "unsure" in request.GET, _look_count(request)
    state = state_of(order, is_known=is_known, look=look, unsure=unsure)
    return {"order": order, "state": state}


def _look_count(request: HttpRequest) -> int:
    look = request.GET.get("look", "")
    return int(look) if look.isascii() and look.isdigit() and len(look) < 4 else 0


def _empty_bag(request: HttpRequest, order: Order) -> None:
    """Send ``bag_taken`` once for the order, if the bag still holds just that."""
    if order.seen_at is not None:
        return
    try:
        draft = conf().source(request)
    except Exception:
        # An error in the host's code must not hide from the shopper that it is paid.
        logger.exception("The order source failed for %s", order)
        return
    unseen = Order.objects.filter(pk=order.pk, seen_at__isnull=True)
    if not unseen.update(seen_at=timezone.now()):
        return
    if draft is not None and draft.fingerprint == order.fingerprint:
        called = bag_taken.send_robust(Order, request=request, order=order)
        for receiver, error in called:
            if error is not None:
                logger.error("%r did not empty the bag", receiver, exc_info=error)
