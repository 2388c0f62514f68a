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

from django.db import IntegrityError
from django.utils import timezone

from . import gateway, orders, settlement, transactions
from .conf import conf
from .drafts import Draft
from .exceptions import (
    DraftRefused,
    IntentMissing,
    IntentMoved,
    StripeBusy,
    StripeRefused,
    StripeStuck,
)
from .intents import Intent
from .models import Order, Payment
from .money import Money
from .statuses import PaymentStatus

logger = logging.getLogger(__name__)

# How often one request may start over: others of the same shopper may be
# creating the same intent, and Stripe answers them one after the other.
TRIES = 12
# Seconds before the first new try; each further one waits a little longer.
WAIT_SECONDS = 0.1

CREATE, UPDATE, RETRIEVE = "create", "update", "retrieve"


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

    def ask(self) -> Intent:
        """Make the call; an intent that is past it is an answer too."""
        try:
            return self._call()
        except IntentMoved as error:
            intent: Intent = error.intent
            return intent

    def _call(self) -> Intent:
        stripe_id, key = self.payment.stripe_id or "", self.payment.idempotency_key
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
        intent = _asked(step)
        if intent is None:
            continue
        begun = transactions.run(partial(_keep, step, intent, draft, email))
        if begun is not None:
            return begun
    raise StripeBusy(f"Gave up after {TRIES} tries.")


def _asked(step: Step) -> Intent | None:
    """Make the call; None if it is worth to plan, and to ask, again."""
    try:
        return step.ask()
    except StripeBusy:
        return None
    except IntentMissing:
        transactions.run(partial(_give_up, step))
        return None
    except (StripeStuck, StripeRefused, DraftRefused):
        # The same key, or the same words, would have the same answer again. An
        # update has other ones the next time; a creation needs a new attempt.
        # It is left to the shopper's next try: a Stripe in trouble is not to be
        # asked twice as often.
        if step.verb == CREATE:
            transactions.run(partial(_give_up, step))
        raise


def _plan(shopper: str, draft: Draft | None, email: str) -> Step | Order:
    """Decide the next call and store its key; an ``Order`` needs none."""
    order, is_new = orders.open_for(shopper, draft, email)
    if not order.is_open or draft is None:
        return order
    attempts = [] if is_new else list(order.payments.order_by("attempt"))
    if any(attempt.amount_received for attempt in attempts):
        # Paid, but not what is due, or by an attempt that was given up: a person
        # has to look, and nobody may pay again.
        return order
    payment = attempts[-1] if attempts and attempts[-1].is_live else None
    if payment is not None and payment.status == PaymentStatus.CREATING:
        if payment.key_is_fresh:
            return _step(CREATE, order, payment)
        # Repeating a key that Stripe may have forgotten could create a second
        # intent. If the first exists, no browser has its client secret, since
        # that is sent only after `_keep`: it can never be paid, and a new
        # attempt is safe.
        _abandon(payment)
        payment = None
    if payment is None:
        orders.freeze(order, draft, email)
        return _step(CREATE, order, _attempt(order, len(attempts) + 1))
    if payment.tells(draft.total, email):
        return _step(RETRIEVE, order, payment)
    _renew_key(payment, draft.total)
    return Step(UPDATE, order, payment, draft.total, email)


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


def _give_up(step: Step) -> None:
    """Give up an attempt that cannot go on with its key or its intent.

    Safe for money: no browser has the client secret of an intent that was
    being created, and an intent that Stripe does not have takes none. If one
    is paid all the same, ``settlement`` opens an exception.
    """
    order = Order.objects.select_for_update().get(pk=step.order.pk)
    payment = order.payments.get(pk=step.payment.pk)
    if payment.stripe_id == step.payment.stripe_id and payment.is_live:
        logger.warning("%s is given up: %s", payment, payment.stripe_id)
        _abandon(payment)


def _abandon(payment: Payment) -> None:
    payment.move(PaymentStatus.CANCELLED)
    payment.save(update_fields=["status"])


def _keep(step: Step, intent: Intent, draft: Draft | None, email: str) -> Begun | None:
    """Store what Stripe answered; None if the caller has to plan again."""
    order = Order.objects.select_for_update().get(pk=step.order.pk)
    payment = order.payments.get(pk=step.payment.pk)
    if payment.revision != step.payment.revision:
        return None
    payment.amount, payment.currency = intent.amount, intent.currency
    # What was asked for is believed; what is found may be of a lost update.
    payment.email = intent.email if step.verb == RETRIEVE else step.email
    fits = False
    if draft is not None and order.is_open and _can_change(intent):
        fits = payment.tells(draft.total, email)
        if fits:
            orders.freeze(order, draft, email)
    settlement.apply(order, payment, intent)
    if order.is_on_its_way or payment.status == PaymentStatus.SUCCEEDED:
        return Begun(order, None)
    return Begun(order, intent) if order.is_open and fits else None


def _can_change(intent: Intent) -> bool:
    return intent.status in (PaymentStatus.OPEN, PaymentStatus.ACTION)
