"""Who did what: an order's history, written in the transaction that makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from .models import Move, Order, Payment


@dataclass(frozen=True, slots=True)
class Cause:
    """Who or what is at work: ``name`` in a word, ``detail`` its id or name."""

    name: str
    detail: str = ""


CODE = Cause("code")
_cause: ContextVar[Cause] = ContextVar("cause", default=CODE)


@contextmanager
def by(name: str, detail: str = "") -> Iterator[None]:
    """Whatever is noted inside was caused by ``name``.

    A context and not an argument: the one who knows (a view, a command) is seven
    calls away from the one who writes, and nobody in between has to care.
    """
    token = _cause.set(Cause(name, detail))
    try:
        yield
    finally:
        _cause.reset(token)


def cause() -> Cause:
    """Who or what is at work just now; ``code`` where nobody has said so."""
    return _cause.get()


def move(
    what: str, before: str, after: str, *, order: Order | None = None, **facts: Any
) -> Move:
    """A row of history, not saved yet; ``facts`` are other fields of ``Move``."""
    who = cause()
    return Move(
        what=what,
        before=before,
        after=after,
        order=order,
        cause=who.name,
        caused_by=who.detail[:255],
        **facts,
    )


def note(what: str, before: str, after: str, **facts: Any) -> None:
    """Write one row of history, in the caller's transaction."""
    move(what, before, after, **facts).save()


def keep(moves: list[Move]) -> None:
    """Write rows of history with one statement."""
    if moves:
        Move.objects.bulk_create(moves)


def of_payment(payment: Payment, before: str, request_id: str = "") -> Move:
    """The row that says that ``payment`` has left ``before`` for where it is now."""
    return move(
        "payment",
        before,
        payment.status,
        order=payment.order,
        payment=payment,
        subject=payment.stripe_id or "",
        amount=payment.amount_received or payment.amount,
        currency=payment.currency,
        request_id=request_id,
        note=payment.last_error,
    )


def of_order(order: Order, before: str, request_id: str = "") -> Move:
    """The row that says that ``order`` has left ``before`` for where it is now."""
    return move(
        "order",
        before,
        order.status,
        order=order,
        amount=order.amount,
        currency=order.currency,
        request_id=request_id,
    )
