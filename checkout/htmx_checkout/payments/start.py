"""An order gets its PaymentIntent: planned, asked, kept.

Three steps, and the process may die between any two of them:

    plan   a transaction that locks the order and stores what will be asked,
           with its idempotency key
    ask    one call to Stripe, with no lock held
    keep   a transaction that stores what Stripe answered

Whoever comes next plans again from what is stored, and repeats the same key
where it is not known whether Stripe has heard it.
"""

import logging
import random
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError
from django.db.models import Exists
from django.utils import timezone

from .. import gateway
from ..conf import conf
from ..core import transactions
from ..core.failpoints import Failpoint, reach
from ..exceptions import (
    DraftRefused,
    IntentMissing,
    IntentMoved,
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
from . import cancel, lookups, settle

logger = logging.getLogger(__name__)

# How often one request may start over: others of the same shopper may be
# creating the same intent, and Stripe answers them one after the other.
TRIES = 12
# Seconds before the first new try; each further one waits a little longer.
WAIT_SECONDS = 0.1

CREATE, UPDATE, RETRIEVE, FIND = "create", "update", "retrieve", "find"


@dataclass(frozen=True, slots=True)
class Begun:
    """An order at the till. ``intent`` is None when there is nothing to pay."""

    order: Order
    intent: Intent | None


@dataclass(frozen=True, slots=True)
class Step:
    """One call to Stripe, fully decided."""

    verb: str
    order: Order
    payment: Payment
    total: Money
    email: str

    def ask(self) -> Intent | None:
        """Make the call; an intent that is past it is an answer too.

        None where the attempt has no intent at Stripe, which is certain then.
        """
        try:
            return self._call()
        except IntentMoved as error:
            intent: Intent = error.intent
            return intent

    def _call(self) -> Intent | None:
        stripe_id, key = self.payment.stripe_id or "", self.payment.idempotency_key
        if self.verb == FIND:
            return lookups.find(self.payment)
        if self.verb == RETRIEVE:
            return gateway.retrieve(stripe_id)
        if self.verb == UPDATE:
            return gateway.update(
                stripe_id, total=self.total, email=self.email, key=key
            )
        return gateway.create(
            total=self.total,
            email=self.email,
            reference=self.order.reference,
            attempt=self.payment.attempt,
            key=key,
        )


def begin(shopper: str, draft: Draft | None, email: str) -> Begun:
    """Freeze the shopper's draft as an order and get its PaymentIntent.

    One call to Stripe: create at first, update when the total or the e-mail has
    changed, retrieve otherwise. (A second one only where the first shows that
    the intent is gone or is not what was stored.) Safe to repeat: the same
    shopper, draft and e-mail give the same order and the same intent.

    Raises ``DraftRefused`` before Stripe is called, and ``GatewayError``.
    """
    for again in range(TRIES):
        if again:
            # Jitter, not safety: the herd must not come back as one.
            time.sleep(WAIT_SECONDS * again * random.uniform(0.5, 1))  # noqa: S311
        try:
            step = transactions.run(partial(_plan, shopper, draft, email))
        except IntegrityError:
            # Another request of this shopper made the order; it has committed.
            continue
        if isinstance(step, Order):
            return Begun(step, None)
        reach(Failpoint.PLANNED)
        intent = _asked(step)
        if intent is None:
            continue
        reach(Failpoint.ASKED)
        begun = transactions.run(partial(_keep, step, intent, draft, email))
        reach(Failpoint.KEPT)
        if begun is not None:
            return begun
    raise StripeBusy(f"Gave up after {TRIES} tries.")


def _asked(step: Step) -> Intent | None:
    """Make the call; None if it is worth to plan, and to ask, again."""
    try:
        intent = step.ask()
    except StripeBusy:
        return None
    except IntentMissing:
        _give_up(step)
        return None
    except StripeStuck:
        # The same key would have the same answer for a day. An update has
        # another one the next time; whether a creation has made its intent, the
        # shopper's next try finds out: a Stripe in trouble is not to be asked
        # twice as often.
        if step.verb == CREATE:
            Payment.objects.filter(pk=step.payment.pk).update(key_spent=True)
        raise
    except (StripeRefused, DraftRefused):
        # A clear no: there is no intent, and these words would have the same no.
        if step.verb == CREATE:
            _give_up(step)
        raise
    if intent is None:
        _give_up(step)
    return intent


def _give_up(step: Step) -> None:
    """Turn away from an attempt that has no intent, unless it has got one meanwhile."""
    transactions.run(partial(_turn_away, step))


def _turn_away(step: Step) -> None:
    order = Order.lock(step.order.pk)
    payment = order.payments.get(pk=step.payment.pk)
    if payment.stripe_id == step.payment.stripe_id and payment.is_live:
        logger.warning("%s is given up: %s", payment, payment.stripe_id)
        cancel.give_up(order.pk, payment.pk)


def _plan(shopper: str, draft: Draft | None, email: str) -> Step | Order:
    """Decide the next call and store its key; an ``Order`` needs none."""
    order, is_new = current.open_for(shopper, draft, email)
    if not order.is_open or draft is None:
        return order
    attempts = [] if is_new else _attempts(order)
    if any(attempt.left or attempt.is_held for attempt in attempts):
        # Paid, but not what is due, by an attempt that was given up, or past the
        # till: it is looked at or paid back first, and nobody may pay again.
        return order
    latest = attempts[-1] if attempts and attempts[-1].is_live else None
    step = _step_on(order, latest, draft.total, email) if latest else None
    if step is None:
        current.freeze(order, draft, email)
        step = _step(CREATE, order, _attempt(order, len(attempts) + 1))
    reach(Failpoint.PLANNING)
    return step


def _attempts(order: Order) -> list[Any]:
    """All attempts at ``order``; ``is_held`` while money that names it waits.

    With one statement: this is asked at each visit of the till.
    """
    held = Exists(Incident.holding(order=order))
    return list(order.payments.order_by("attempt").annotate(is_held=held))


def _step_on(order: Order, payment: Payment, total: Money, email: str) -> Step:
    """The next call about an attempt that is still alive."""
    if payment.status == PaymentStatus.CREATING:
        verb = CREATE if payment.key_is_fresh else FIND
        if verb == CREATE:
            payment.key_sent_at = timezone.now()
            payment.save(update_fields=["key_sent_at"])
        return _step(verb, order, payment)
    if payment.tells(total, email):
        return _step(RETRIEVE, order, payment)
    _renew_key(payment, total)
    return Step(UPDATE, order, payment, total, email)


def _step(verb: str, order: Order, payment: Payment) -> Step:
    total = Money(payment.amount, payment.currency)
    return Step(verb, order, payment, total, payment.email)


def _attempt(order: Order, attempt: int) -> Payment:
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


def _keep(step: Step, intent: Intent, draft: Draft | None, email: str) -> Begun | None:
    """Store what Stripe answered; None if the caller has to plan again."""
    order = Order.lock(step.order.pk)
    payment = order.payments.get(pk=step.payment.pk)
    payment.order = order
    if payment.revision != step.payment.revision:
        return None
    payment.amount, payment.currency = intent.amount, intent.currency
    # What was asked for is believed; what is found may be of a lost update.
    is_found = step.verb in (RETRIEVE, FIND)
    payment.email = intent.email if is_found else step.email
    fits = False
    if draft is not None and order.is_open and _can_change(intent):
        fits = payment.tells(draft.total, email)
        if fits:
            current.freeze(order, draft, email)
    settle.apply(order, payment, intent)
    reach(Failpoint.KEEPING)
    if not payment.is_live:
        # Given up meanwhile: nobody may get the secret of an intent that we have
        # turned away from.
        return None
    if order.is_on_its_way or payment.status == PaymentStatus.SUCCEEDED:
        return Begun(order, None)
    return Begun(order, intent) if order.is_open and fits else None


def _can_change(intent: Intent) -> bool:
    return intent.status in (PaymentStatus.OPEN, PaymentStatus.ACTION)
