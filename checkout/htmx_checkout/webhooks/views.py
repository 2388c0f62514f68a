"""The webhook endpoint: receives Stripe's events."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ..conf import conf
from ..core.responses import quiet
from ..exceptions import EventRefused, EventUndecided
from . import process, refusals

logger = logging.getLogger(__name__)

# Stripe's events are a few kilobytes; this leaves room for the largest.
MAX_BYTES = 256 * 1024


@csrf_exempt  # Stripe has no token; its signature is stronger.
@login_not_required
@transaction.non_atomic_requests
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Receive one event. 200: stored and done. 4xx: not Stripe's. 503: deliver again.

    Stripe sends an event again after any answer but a 2xx, so a 4xx is only for
    what no repetition can change (https://docs.stripe.com/webhooks).
    """
    if not conf().webhook_secrets:
        logger.error("CHECKOUT['WEBHOOK_SECRETS'] is empty: an event was turned away.")
        return HttpResponse(status=503)
    if request.content_type != "application/json":
        return HttpResponse(status=415)
    if len(body := _body(request)) > MAX_BYTES:
        return HttpResponse(status=413)
    try:
        signature = request.headers.get("Stripe-Signature", "")
        process.receive(body, signature, request.headers)
    except EventRefused as error:
        logger.warning("Webhook refused: %s", error)
        refusals.count()
        return HttpResponse(status=400)
    except (EventUndecided, OperationalError) as error:
        # OperationalError: a lock or a database that was not to be had in time.
        logger.warning("Webhook to be repeated: %s", type(error).__name__)
        # An outage must not mail each delivery to ADMINS.
        return quiet(HttpResponse(status=503))
    return HttpResponse(status=200)


def _body(request: HttpRequest) -> bytes:
    """The raw bytes that were signed, at most one more than ``MAX_BYTES``.

    The announced length is checked before anything is read, and not relied on.
    """
    announced = request.META.get("CONTENT_LENGTH") or "0"
    is_number = announced.isascii() and announced.isdigit() and len(announced) < 10
    if not is_number or int(announced) > MAX_BYTES:
        return b" " * (MAX_BYTES + 1)
    try:
        return request.read(MAX_BYTES + 1)
    except UnreadablePostError:
        # The connection broke; nobody signed the empty body.
        return b""
