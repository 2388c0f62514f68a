"""Starts the payment of an order: plans its PaymentIntent, and asks for it.

Three steps, and the process may die between any two of them:

    plan   a transaction that locks the order and stores what will be asked,
           with its idempotency key
    ask    one call to Stripe, with no lock held
    keep   a transaction that stores what Stripe answered

The next request plans again from what is stored, and repeats the same key where it
is not known whether Stripe has received it.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.db.models import Exists
from django.utils import timezone

from .. import gateway
from ..conf import conf
from ..core import transactions
from ..core.failpoints import START, Failpoint, reach
from ..exceptions import (
    DraftRefused,
    ObjectMissing,
    StripeBusy,
    StripeRefused,
    StripeStuck,
)
from ..gateway.objects import Intent
from ..models import Incident, Order, Payment
from ..models.statuses import PaymentStatus
from ..money import Money
from ..orders import current
from ..orders.draft import Draft
from . import settle, sync

logger = logging.getLogger(__name__)

# How often one request may start over: other requests of the same shopper may be
# creating the same intent, and Stripe answers them one after the other.
TRIES = 12
# Seconds before the first new try; each further one waits a little longer.
WAIT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Begun:
    """An order at the checkout. ``intent`` is None when there is nothing to pay."""

    order: Order
    intent: Intent | None


@dataclass(frozen=True, slots=True)
class Step:
    """One call to Stripe about a payment, fully decided."""

    payment: Payment
    # What the shopper wants to buy now; the call may still be about an older draft.
    draft: Draft
    call: Callable[[], Intent]
    # True where no intent is known yet, and the call makes one.
    creates: bool = False
    # The e-mail that the call sets; None for a call that only asks.
    email: str | None = None


class Overtaken(Exception):
    """Another request has changed what was asked for: plan again."""


def begin(shopper: str, draft: Draft | None) -> Begun:
    """Freeze the shopper's draft as an order and get its PaymentIntent.

    One call to Stripe: create at first, update when the total or the e-mail has
    changed, retrieve otherwise. (A second one only if the first shows that the
    intent is gone or is not what was stored.) Safe to repeat: the same shopper,
    draft and e-mail give the same order and the same intent.

    Raises ``DraftRefused`` before Stripe is called, and ``GatewayError``.
    """
    for again in range(TRIES):
        if again:
            # Jitter, not safety: many must not come back at the same moment.
            time.sleep(WAIT_SECONDS * again * random.uniform(0.5, 1))  # noqa: S311
        try:
            step = _plan(shopper, draft)
        except IntegrityError:
            # Another request of this shopper made the order; it has committed.
            continue
        if isinstance(step, Order):
            return Begun(step, None)
        reach(Failpoint.PLANNED)
        kept = _ask(step)
        begun = _begun(step, kept) if kept else None
        if begun is not None:
            return begun
    raise StripeBusy(f"Gave up after {TRIES} tries.")


@transactions.retried
def _plan(shopper: str, draft: Draft | None) -> Step | Order:
    """Decide the next call and store its key; an ``Order`` needs none."""
    order, is_new = current.locked_order(shopper, draft)
    if not order.is_open or draft is None:
        return order
    attempts = [] if is_new else _attempts(order)
    if any(attempt.left or attempt.has_incident for attempt in attempts):
        # Money has come that does not pay the order: not what is due, by an attempt
        # that was given up, or outside of the checkout. Nobody may pay again before
        # a person has looked at it or it is paid back.
        return order
    latest = attempts[-1] if attempts and attempts[-1].is_live else None
    if latest is not None:
        step = _step_on(latest, draft)
    else:
        current.freeze(order, draft)
        step = _create(_make_attempt(order, len(attempts) + 1), draft)
    reach(Failpoint.PLANNING)
    return step


def _attempts(order: Order) -> list[Any]:
    """All attempts at ``order``, with ``has_incident``: money that names it waits.

    With one statement: this is asked at each visit of the checkout.
    """
    waiting = Exists(Incident.holding(order=order))
    return list(order.payments.order_by("attempt").annotate(has_incident=waiting))


def _step_on(payment: Payment, draft: Draft) -> Step:
    """The next call about an attempt that is still alive."""
    is_bound = payment.status != PaymentStatus.CREATING
    if is_bound and not payment.tells(draft.total, draft.email):
        return _update(payment, draft)
    if is_bound or not payment.key_is_fresh:
        return Step(payment, draft, sync.retrieve(payment))
    payment.key_sent_at = timezone.now()
    payment.save(update_fields=["key_sent_at"])
    return _create(payment, draft)


def _create(payment: Payment, draft: Draft) -> Step:
    # The total and e-mail that were stored with the key: the draft may be newer.
    call = partial(
        gateway.create,
        total=payment.total,
        email=payment.email,
        reference=payment.order.reference,
        attempt=payment.attempt,
        key=payment.idempotency_key,
    )
    return Step(payment, draft, call, creates=True, email=payment.email)


def _update(payment: Payment, draft: Draft) -> Step:
    _renew_key(payment, draft.total)
    call = partial(
        gateway.update,
        payment.stripe_id or "",
        total=draft.total,
        email=draft.email,
        key=payment.idempotency_key,
    )
    return Step(payment, draft, call, email=draft.email)


def _make_attempt(order: Order, attempt: int) -> Payment:
    return Payment.objects.create(
        order=order,
        attempt=attempt,
        amount=order.amount,
        currency=order.currency,
        email=order.email,
        idempotency_key=_key(order, attempt, 1, order.total),
    )


def _key(order: Order, attempt: int, revision: int, total: Money) -> str:
    return (
        f"{conf().installation}-{order.reference}-{attempt}-{revision}"
        f"-{total.amount}-{total.currency}"
    )


def _renew_key(payment: Payment, total: Money) -> None:
    payment.revision += 1
    payment.idempotency_key = _key(
        payment.order, payment.attempt, payment.revision, total
    )
    payment.key_stored_at = timezone.now()
    payment.save(update_fields=["revision", "idempotency_key", "key_stored_at"])


def _ask(step: Step) -> sync.Kept | None:
    """Make the call and keep the answer; None if it is worth planning again."""
    try:
        return sync.ask(step.payment, step.call, partial(_adopt, step), START)
    except (StripeBusy, Overtaken):
        return None
    except ObjectMissing:
        _give_up(step.payment)
        return None
    except StripeStuck:
        # The same key would get the same answer for a day. An update has a new key
        # the next time. Whether a creation has made its intent is found out by the
        # shopper's next try, so as not to double the calls to a Stripe in trouble.
        if step.creates:
            Payment.objects.filter(pk=step.payment.pk).update(key_spent=True)
        raise
    except (StripeRefused, DraftRefused):
        # A clear refusal: there is no intent, and a repeat would be refused too.
        if step.creates:
            _give_up(step.payment)
        raise


def _give_up(payment: Payment) -> None:
    if settle.give_up(payment):
        logger.warning("%s is given up: %s", payment, payment.stripe_id)


def _adopt(step: Step, payment: Payment, intent: Intent) -> None:
    """Store what the call has set; runs under the lock, before the answer is kept."""
    if payment.revision != step.payment.revision:
        raise Overtaken
    payment.amount, payment.currency = intent.amount, intent.currency
    # What was asked for is believed; what is found may be of a lost update.
    payment.email = intent.email if step.email is None else step.email
    if _fits(step.draft, payment, intent):
        current.freeze(payment.order, step.draft)


def _fits(draft: Draft, payment: Payment, intent: Intent) -> bool:
    """True if the shopper can pay ``draft`` by ``intent``."""
    can_be_paid = intent.status in (PaymentStatus.OPEN, PaymentStatus.ACTION)
    is_told = payment.tells(draft.total, draft.email)
    return payment.order.is_open and can_be_paid and is_told


def _begun(step: Step, kept: sync.Kept) -> Begun | None:
    """What the shopper gets; None if the caller has to plan again."""
    payment, order = kept.payment, kept.order
    if not payment.is_live:
        # Given up meanwhile: nobody may get the client secret of such an intent.
        return None
    if order.is_on_its_way or payment.status == PaymentStatus.SUCCEEDED:
        return Begun(order, None)
    fits = _fits(step.draft, payment, kept.intent)
    can_pay = fits and current.is_frozen(order, step.draft)
    return Begun(order, kept.intent) if can_pay else None
