"""Stores an event once and acts on it.

An event is not believed: it only says that something has happened, and Stripe is
asked what. So events can come twice and in any order. An event is marked as done in
the transaction that stores Stripe's answer; one that fails is delivered again by
Stripe, or fetched by the reconciler.
"""

import hashlib
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import OperationalError
from django.utils import timezone

from .. import audit, gateway, incidents
from ..conf import conf
from ..core import transactions
from ..core.failpoints import Failpoint, reach
from ..exceptions import GatewayError, ObjectMissing
from ..models import Payment, WebhookEvent
from ..models.statuses import PaymentStatus
from ..payments import sync
from ..redaction import redact
from . import parse, store
from .parse import ParsedEvent

logger = logging.getLogger(__name__)

# Says only that there is an intent, so it tells nothing new once the intent is stored.
CREATED = "payment_intent.created"
# Stored with an event. The signature is not.
HEADERS = ("User-Agent", "Content-Type", "Content-Length")


def receive(
    body: bytes, signature: str, headers: Mapping[str, str] | None = None
) -> WebhookEvent:
    """Verify, store and apply one delivery; returns the stored event.

    Safe to repeat: an event that is done or parked is only returned. Raises
    ``EventRefused`` for anything that Stripe did not sign or that is no event,
    with nothing stored, and ``EventUndecided`` when it has to be delivered again.
    """
    gateway.verify(body, signature)
    reach(Failpoint.VERIFIED)
    given = headers or {}
    # PostgreSQL holds no NUL.
    seen = {
        name: redact(given[name]).replace("\0", "")[:255]
        for name in HEADERS
        if name in given
    }
    digest = hashlib.sha256(body).hexdigest()
    return accept(parse.parse(body), "webhook", body_hash=digest, headers=seen)


def accept(parsed: ParsedEvent, source: str, **fields: Any) -> WebhookEvent:
    """Store and apply one event; returns it as stored.

    ``source`` says how it came: webhook or reconcile. ``fields`` are other fields of
    ``WebhookEvent``. Safe to repeat. Raises ``EventUndecided`` when it has to be
    tried again.
    """
    event = store.find_or_new(parsed, source, **fields)
    if event.is_waiting:
        with audit.by(source, parsed.stripe_id):
            _try(event, parsed)
    return event


def retry(event: WebhookEvent) -> WebhookEvent:
    """Fetch a stored event from Stripe and try again to apply it; returns it.

    The incident of an event that was parked closes when it is done. The caller names
    the cause with ``audit.by``. Raises ``EventUndecided`` as ``accept`` does, and
    ``GatewayError`` when Stripe cannot be asked.
    """
    parsed = parse.parse_plain(gateway.event(event.stripe_id))
    event.refresh_from_db()
    if event.is_waiting:
        _try(event, parsed)
    if event.done_at is not None:
        close = transactions.retried(incidents.close_parked)
        close(event, "applied after all")
    return event


def _try(event: WebhookEvent, parsed: ParsedEvent) -> None:
    try:
        _apply(event, parsed)
    except (GatewayError, OperationalError) as error:
        store.fail(event, error, counts=isinstance(error, ObjectMissing))
    except Exception as error:
        logger.exception("%s could not be applied", event)
        store.fail(event, error, counts=True)


def _apply(event: WebhookEvent, parsed: ParsedEvent) -> None:
    if parsed.livemode != conf().livemode:
        _leave_wrong_side(event, "livemode")
    elif parsed.account not in ("", conf().account):
        _leave_wrong_side(event, "account")
    elif (payment := _payment_of(parsed)) is None:
        _apply_without_payment(event, parsed)
    elif parsed.type == CREATED and payment.stripe_id is not None:
        store.mark(event, "known")
    elif any(doubtful := _doubtful(payment, parsed)):
        done = partial(store.mark, event, "applied")
        sync.refresh_named(payment, *doubtful, also=done)
    else:
        store.mark(event, "settled")


def _doubtful(payment: Payment, parsed: ParsedEvent) -> tuple[str, str, str]:
    """The ids of the intent, the refunds' intent and the dispute to ask about."""
    is_settled = payment.status == PaymentStatus.SUCCEEDED
    return (
        "" if is_settled else parsed.intent,
        parsed.intent if parsed.is_about_refunds else "",
        parsed.object_id if parsed.is_about_a_dispute else "",
    )


def _apply_without_payment(event: WebhookEvent, parsed: ParsedEvent) -> None:
    """An event of another installation, or of a payment that this database has lost."""
    is_ours = parsed.installation == conf().installation
    if not is_ours or parsed.type != "payment_intent.succeeded":
        store.mark(event, "foreign")
        return
    sync.ask_about_stray(parsed.intent, also=partial(store.mark, event, "stray"))


def _payment_of(parsed: ParsedEvent) -> Payment | None:
    """The payment that the event is about; None if it is not one of ours."""
    if not parsed.intent:
        return None
    payments = Payment.objects.only("order_id", "status", "stripe_id")
    found = payments.filter(stripe_id=parsed.intent).first()
    if found is not None or parsed.installation != conf().installation:
        return found
    # Its id may not be stored yet: Stripe's event can arrive before Stripe's answer
    # to our call, or that answer was lost.
    waiting = payments.filter(stripe_id=None, order__reference=parsed.order)
    return waiting.filter(attempt=parsed.attempt).first()


@transactions.retried
def _leave_wrong_side(event: WebhookEvent, outcome: str) -> None:
    """Mark an event of another mode or account as done; report that once a day."""
    subject = f"{event.account[:200] or 'mode'}:{timezone.now():%Y-%m-%d}"
    detail = f"{event} is of another mode or account: look at the webhook endpoints"
    kind = incidents.Kind.WRONG_SIDE
    incidents.report(kind, subject, detail, livemode=event.livemode)
    store.mark(event, outcome)
