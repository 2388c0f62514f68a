"""An event arrives: verify it, store it once, and take it as a reason to look.

What an event says is not believed, only that something has happened. So
repetition and disorder cannot hurt: each leads to the same question. The event
is marked as processed in the transaction that keeps the answer: what fails is
delivered again by Stripe, or fetched by the reconciler, and is never swallowed.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from .. import audit, gateway, incidents
from ..conf import conf
from ..core import transactions
from ..core.failpoints import Failpoint, reach
from ..exceptions import EventUndecided, GatewayError, IntentMissing
from ..models import Incident, Payment, WebhookEvent
from ..models.statuses import PaymentStatus
from ..payments import sync
from ..redaction import redact
from . import parse
from .parse import ParsedEvent

logger = logging.getLogger(__name__)

# An event that fails so often, and not for Stripe's silence, is a mistake of
# ours: it is parked, so that Stripe stops and a person begins.
MAX_TRIES = 5
# Says that there is an intent, and nothing more: no news once it is known here.
CREATED = "payment_intent.created"
# What an earlier delivery of the same event has left.
MARKS = ("processed_at", "parked_at", "tries")
# Worth to be kept beside an event; the signature is not.
HEADERS = ("User-Agent", "Content-Type", "Content-Length")


def receive(
    body: bytes, signature: str, headers: Mapping[str, str] | None = None
) -> WebhookEvent:
    """Verify, store and apply one delivery; returns the stored event.

    Safe to repeat: an event that is processed already is only returned. Raises
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
    return take(parse.parse(body), "webhook", body_hash=digest, headers=seen)


def take(notice: ParsedEvent, source: str, **facts: Any) -> WebhookEvent:
    """Apply one event, however it came; ``facts`` are kept beside it.

    Safe to repeat. Raises ``EventUndecided`` when it has to be tried again.
    """
    event = _new(notice, source, facts)
    marks = WebhookEvent.objects.filter(stripe_id=notice.stripe_id).values_list(*MARKS)
    for known in marks:
        event.processed_at, event.parked_at, event.tries = known
    if event.processed_at is not None or event.parked_at is not None:
        return event
    with audit.by(source, notice.stripe_id):
        _try(event, notice)
    return event


def try_again(event: WebhookEvent) -> WebhookEvent:
    """Try an event again that is stored and not applied: its facts are at Stripe.

    Whoever calls this has caused what follows; the alarm of an event that was
    parked closes then. Raises as ``take`` does, and ``GatewayError`` when Stripe
    cannot be asked.
    """
    notice = parse.parse_plain(gateway.event(event.stripe_id))
    event.refresh_from_db()
    if event.processed_at is None and event.parked_at is None:
        _try(event, notice)
    if event.processed_at is not None:
        _close_alarms(event)
    return event


def _try(event: WebhookEvent, notice: ParsedEvent) -> None:
    try:
        _apply(event, notice)
    except (GatewayError, OperationalError) as error:
        _fail(event, error, counts=isinstance(error, IntentMissing))
    except Exception as error:
        logger.exception("%s could not be applied", event)
        _fail(event, error, counts=True)


@transactions.retried
def _close_alarms(event: WebhookEvent) -> None:
    told = Incident.objects.filter(kind=incidents.Kind.PARKED_EVENT)
    about = told.filter(subject__startswith=f"{event.stripe_id}:")
    incidents.close_all(about, "applied after all")


def _new(notice: ParsedEvent, source: str, facts: dict[str, Any]) -> WebhookEvent:
    return WebhookEvent(
        stripe_id=notice.stripe_id,
        type=notice.type,
        object_id=notice.intent,
        held_id=notice.held,
        livemode=notice.livemode,
        account=notice.account,
        api_version=notice.api_version,
        source=source,
        **facts,
    )


def _apply(event: WebhookEvent, notice: ParsedEvent) -> None:
    if notice.livemode != conf().livemode:
        _leave(event, "livemode", _alarm)
    elif notice.account not in ("", conf().account):
        _leave(event, "account", _alarm)
    elif (payment := _payment_of(notice)) is None:
        _apply_to_nobody(event, notice)
    elif notice.type == CREATED and payment.stripe_id is not None:
        _leave(event, "known")
    elif any(doubtful := _doubtful(payment, notice)):
        sync.refresh_named(payment, *doubtful, also=partial(_mark, event, "applied"))
    else:
        _leave(event, "settled")


def _doubtful(payment: Payment, notice: ParsedEvent) -> tuple[str, str, str]:
    """The intent, the intent with refunds, and the dispute that may have changed."""
    is_settled = payment.status == PaymentStatus.SUCCEEDED
    return (
        "" if is_settled else notice.intent,
        notice.intent if notice.is_about_refunds else "",
        notice.held if notice.is_about_a_dispute else "",
    )


def _apply_to_nobody(event: WebhookEvent, notice: ParsedEvent) -> None:
    """No payment here: another installation's, or one that we have lost."""
    is_ours = notice.installation == conf().installation
    if not is_ours or notice.type != "payment_intent.succeeded":
        _leave(event, "foreign")
        return
    sync.ask_about_stray(notice.intent, also=partial(_mark, event, "stray"))


def _payment_of(notice: ParsedEvent) -> Payment | None:
    """The payment that the event is about; None if it is not one of ours."""
    if not notice.intent:
        return None
    payments = Payment.objects.only("order_id", "status", "stripe_id")
    found = payments.filter(stripe_id=notice.intent).first()
    if found is not None or notice.installation != conf().installation:
        return found
    # So new that its id is not stored yet: Stripe's event can overtake Stripe's
    # answer, or the answer was lost.
    waiting = payments.filter(stripe_id=None, order__reference=notice.order)
    return waiting.filter(attempt=notice.attempt).first()


def _leave(
    event: WebhookEvent,
    outcome: str,
    also: Callable[[WebhookEvent], object] | None = None,
) -> None:
    """Note why there is nothing to apply. Answered 200, or Stripe would repeat it."""
    if also is None:
        _mark(event, outcome)
    else:
        _mark_with(event, outcome, also)


@transactions.retried
def _mark_with(
    event: WebhookEvent, outcome: str, also: Callable[[WebhookEvent], object]
) -> None:
    also(event)
    _mark(event, outcome)


def _mark(event: WebhookEvent, outcome: str) -> None:
    event.processed_at, event.outcome, event.error = timezone.now(), outcome, ""
    _keep(event)


def _keep(event: WebhookEvent) -> None:
    """Store the event once, whoever else is storing it in this moment.

    With one statement, and outside of a transaction with nothing else.
    """
    # Its key may be of a transaction that was rolled back.
    event.pk = None
    if not connection.in_atomic_block:
        with suppress(IntegrityError):
            event.save(force_insert=True)
            return
    event.pk = None
    WebhookEvent.objects.bulk_create(
        [event],
        update_conflicts=True,
        unique_fields=["stripe_id"],
        update_fields=["processed_at", "outcome", "tries", "error", "parked_at"],
    )


def _alarm(event: WebhookEvent) -> None:
    """Tell once a day that a webhook endpoint is of the wrong mode or account."""
    subject = f"{event.account[:200] or 'mode'}:{timezone.now():%Y-%m-%d}"
    detail = f"{event} is of another mode or account: look at the webhook endpoints"
    incidents.report(
        incidents.Kind.WRONG_SIDE, subject, detail, livemode=event.livemode
    )


def _fail(event: WebhookEvent, error: Exception, *, counts: bool) -> None:
    """Keep the event with its error; raise unless it is parked now.

    What Stripe or the database did not answer in time counts as no try: an
    outage of hours must park nothing.
    """
    event.processed_at, event.outcome = None, ""
    event.error = f"{type(error).__name__}: {getattr(error, 'code', '')}"[:255]
    event.tries += counts
    try:
        with transaction.atomic():
            if event.tries >= MAX_TRIES:
                _park(event)
            _keep(event)
    except OperationalError:
        logger.warning("%s could not even be stored", event)
    reach(Failpoint.STORED)
    if event.parked_at is None:
        raise EventUndecided(f"{event.error} for {event.stripe_id}") from error


def _park(event: WebhookEvent) -> None:
    event.parked_at = timezone.now()
    detail = f"{event} failed {event.tries} times: {event.error}"
    # With the time: what is parked once more has to be told once more.
    subject = event.stripe_id[:230] + f":{event.parked_at.isoformat()}"
    kind = incidents.Kind.PARKED_EVENT
    incidents.report(kind, subject, detail, livemode=event.livemode)


def unpark(event: WebhookEvent) -> None:
    """Let the reconciler, or Stripe's next delivery, try a parked event again."""
    WebhookEvent.objects.filter(pk=event.pk, processed_at__isnull=True).update(
        parked_at=None, tries=0
    )
