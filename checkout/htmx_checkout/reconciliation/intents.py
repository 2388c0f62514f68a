"""Payments, against what Stripe's list says of their intents."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import gateway, incidents
from ..conf import conf
from ..exceptions import ObjectMissing
from ..gateway.objects import Intent
from ..models import Incident, Order, Payment
from ..models.statuses import DEAD, FINAL, OrderStatus, PaymentStatus
from ..payments import cancel, settle, sync
from .limits import MIN_AGE
from .summary import Acts, Summary

# The bank releases held money after about seven days; a day is time to act.
HOLD_WARNING = timedelta(hours=24)


def attempts(summary: Summary, window: timedelta) -> Acts:
    """Look up payments whose creation had no answer, and give up what is not there."""
    old = timezone.now() - MIN_AGE
    waiting = Payment.objects.filter(status=PaymentStatus.CREATING, key_sent_at__lt=old)
    for payment in waiting.select_related("order"):
        summary.counts["attempts looked up"] += 1
        yield partial(_look_up, payment)


def _look_up(payment: Payment) -> None:
    try:
        sync.refresh_intent(payment)
    except ObjectMissing:
        settle.give_up(payment)


def intents(summary: Summary, window: timedelta) -> Acts:
    """Compare every intent of the window with the payment that is stored here."""
    begin, seen = timezone.now() - window, set()
    for intent in gateway.since(begin):
        seen.add(intent.stripe_id)
        payment = _payment(intent)
        if payment is None:
            if intent.status == PaymentStatus.SUCCEEDED:
                summary.counts["strays"] += 1
                yield partial(sync.keep_listed, None, intent)
        elif _differs(payment, intent):
            summary.counts["intents settled"] += 1
            yield partial(_settle, payment, intent)
    yield from _others(summary, begin, seen)


def _payment(intent: Intent) -> Payment | None:
    payments = Payment.objects.select_related("order")
    found = payments.filter(stripe_id=intent.stripe_id).first()
    if found is not None:
        return found
    names = {"order__reference": intent.order, "attempt": intent.attempt}
    return payments.filter(stripe_id=None, **names).first()


def _differs(payment: Payment, intent: Intent) -> bool:
    is_other_sum = payment.amount_received != intent.amount_received
    if not payment.is_live:
        if payment.status == intent.status:
            return False
        return intent.status != PaymentStatus.SUCCEEDED or is_other_sum
    return payment.status != intent.status or is_other_sum or payment.stripe_id is None


def _settle(payment: Payment, intent: Intent) -> None:
    """Store what the list says, and cancel at Stripe what was given up here."""
    sync.keep_listed(payment, intent)
    payment.refresh_from_db()
    if payment.status == PaymentStatus.SUCCEEDED != intent.status:
        # The list is of a moment ago, and it may have been paid since.
        _ask_again(payment)
    else:
        _void(payment, intent)


def _void(payment: Payment, intent: Intent) -> None:
    """Cancel what was given up here and could still be paid at Stripe."""
    is_given_up = payment.status == PaymentStatus.GIVEN_UP
    if is_given_up and intent.status not in FINAL:
        cancel.cancel_payment(payment)


def _others(summary: Summary, begin: datetime, seen: set[str]) -> Acts:
    """Ask about payments that the list did not name: older ones, or gone at Stripe."""
    named = Payment.objects.exclude(stripe_id=None).select_related("order")
    unfinished = ~Q(status__in=[PaymentStatus.SUCCEEDED, *DEAD])
    recent = Q(status=PaymentStatus.SUCCEEDED, created_at__gte=begin)
    old = timezone.now() - MIN_AGE
    for payment in named.filter(unfinished | recent, created_at__lt=old).iterator():
        if payment.stripe_id not in seen:
            summary.counts["intents asked again"] += 1
            yield partial(_ask_again, payment)


def _ask_again(payment: Payment) -> None:
    # Before Stripe is asked: if it is paid meanwhile, the answer is the older one.
    was_paid = payment.status == PaymentStatus.SUCCEEDED
    try:
        kept = sync.refresh_intent(payment)
    except ObjectMissing:
        if was_paid:
            _unpaid_there(payment, "missing")
        return
    if was_paid and kept.intent.status != PaymentStatus.SUCCEEDED:
        _unpaid_there(payment, kept.intent.status)
    else:
        _void(kept.payment, kept.intent)


def _unpaid_there(payment: Payment, status: str) -> None:
    detail = f"{payment.order} is paid here; at Stripe {payment.stripe_id} is {status}"
    _report(incidents.Kind.UNPAID_THERE, payment, detail)


@transaction.atomic
def _report(kind: incidents.Kind, payment: Payment, detail: str) -> None:
    incidents.report(kind, payment.stripe_id or "", detail, payment=payment)


def holds(summary: Summary, window: timedelta) -> Acts:
    """Report held money that the bank will release soon."""
    soon = timezone.now() + HOLD_WARNING
    held = Payment.objects.filter(
        status=PaymentStatus.AUTHORISED, capture_before__lt=soon
    )
    for payment in held.select_related("order"):
        summary.counts["holds that expire"] += 1
        until = f"{payment.capture_before:%Y-%m-%d %H:%M}"
        detail = f"{payment.order}: capture before {until}"
        yield partial(_report, incidents.Kind.HOLD_EXPIRING, payment, detail)


def abandoned(summary: Summary, window: timedelta) -> Acts:
    """Cancel orders that were not paid in time, at Stripe first."""
    old = timezone.now() - timedelta(hours=conf().abandon_after_hours)
    orders = Order.objects.filter(status=OrderStatus.OPEN, created_at__lt=old)
    for order in orders.exclude(payments__key_sent_at__gte=old):
        if Incident.is_open_for(order):
            continue
        summary.counts["orders given up"] += 1
        yield partial(cancel.cancel, order)
