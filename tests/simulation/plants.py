"""Bugs to plant: each takes one guard away, and the simulation has to find it.

The one place that patches the app, and only to show that its guards are missed: they
are what people forget, and not what nobody would write.
"""

import random
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from htmx_checkout import gateway
from htmx_checkout import outbox as the_outbox
from htmx_checkout.exceptions import EventUndecided
from htmx_checkout.models import OutboxMessage, Payment, Refund, statuses
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import allocate, settle, sync
from htmx_checkout.payments import cancel as cancelling
from htmx_checkout.refunds import plan
from htmx_checkout.webhooks import process, store

PLANTS: dict[str, Callable[[], None]] = {}


def plant(function: Callable[[], None]) -> Callable[[], None]:
    PLANTS[function.__name__] = function
    return function


@plant
def lock() -> None:
    """Rows are read before Stripe is asked, and not again under the order's lock."""
    settle.locked = lambda payment: payment


@plant
def key() -> None:
    """Each call gets a fresh key, instead of the one that is stored."""
    for name in ("create", "update", "cancel", "capture", "refund"):
        setattr(gateway, name, _with_a_fresh_key(getattr(gateway, name)))


def _with_a_fresh_key(call: Any) -> Any:
    def fresh(*args: Any, key: str, **given: Any) -> Any:
        return call(*args, key=f"{key}-{random.random()}", **given)

    return fresh


@plant
def prune() -> None:
    """A stored key is repeated however old it is."""
    Payment.key_is_fresh = property(lambda self: True)
    Refund.key_is_fresh = property(lambda self: True)


@plant
def ack() -> None:
    """An event is stored as dealt with before it is, in a commit of its own."""
    apply = process._apply

    def first(event: Any, notice: Any) -> None:
        with transaction.atomic():
            store.mark(event, "applied")
        apply(event, notice)

    def fail(event: Any, error: Exception, *, counts: bool) -> None:
        raise EventUndecided("failed") from error

    process._apply, store.fail = first, fail


@plant
def backwards() -> None:
    """Every status may follow every other one."""
    for moves in (statuses.ORDER_MOVES, statuses.PAYMENT_MOVES):
        for status in moves:
            moves[status] = set(moves)


@plant
def twice() -> None:
    """Who has heard a message is not asked for, and hears it again."""

    def hear(message: Any, name: str, receiver: Any, carried: Any) -> None:
        with transaction.atomic():
            receiver(**carried)
            message.heard = [*message.heard, name]
            message.save(update_fields=["heard"])

    deliver._hear = hear


@plant
def money() -> None:
    """What came is not compared with what is due."""
    allocate._difference = lambda order, intent: ""


@plant
def cancel() -> None:
    """An order is cancelled here, and Stripe is not asked first."""

    def at_once(order: Any, reason: str = "") -> Any:
        payment = settle.live_payment(order)
        if order.is_paid or order.is_cancelled:
            return order
        if payment is not None:
            settle.give_up(payment)
        return settle.cancel_unpaid(order.pk)

    cancelling.cancel = at_once


@plant
def outbox() -> None:
    """The host is told after the commit, and nothing is written down."""

    def stage(name: str, subject: str, object_id: int, order: Any = None) -> None:
        def send() -> None:
            message = OutboxMessage(
                name=name, subject=subject, object_id=object_id, order=order
            )
            signal, _table, _name = deliver.SIGNALS[name]
            signal.send_robust(**deliver._carried(message), done_at=timezone.now())

        transaction.on_commit(send)

    the_outbox.add = the_outbox.add_first = stage


@plant
def overdraw() -> None:
    """What is planned to be paid back is not counted as promised."""
    plan.refundable = lambda payment: payment.left


@plant
def redaction() -> None:
    """The logging filter lets everything through."""
    from htmx_checkout.redaction import SecretsFilter

    SecretsFilter.filter = lambda self, record: True


@plant
def second() -> None:
    """Money for a paid order is taken as if nothing were paid."""
    allocate._send_back = lambda order, payment, kind: False


@plant
def guess() -> None:
    """A status page says what was stored, however long ago, when Stripe is silent."""
    sync.look = lambda order: (order, True)
