"""Who did what: an order's history, written in the transaction that makes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ..models import AuditEntry, Order, Payment


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


def entry(
    what: str, before: str, after: str, *, order: Order | None = None, **facts: Any
) -> AuditEntry:
    """A row of history, not saved yet; ``facts`` are other fields of ``AuditEntry``."""
    who = cause()
    return AuditEntry(
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
    entry(what, before, after, **facts).save()


def write(moves: list[AuditEntry]) -> None:
    """Write rows of history with one statement."""
    if moves:
        AuditEntry.objects.bulk_create(moves)


def payment_moved(payment: Payment, before: str, request_id: str = "") -> AuditEntry:
    """The row that says that ``payment`` has left ``before`` for where it is now."""
    return entry(
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


def order_moved(order: Order, before: str, request_id: str = "") -> AuditEntry:
    """The row that says that ``order`` has left ``before`` for where it is now."""
    return entry(
        "order",
        before,
        order.status,
        order=order,
        amount=order.amount,
        currency=order.currency,
        request_id=request_id,
    )
