"""Writes the audit log, in the transaction that makes the change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ..models import AuditEntry, Order, Payment


@dataclass(frozen=True, slots=True)
class Cause:
    """Who or what makes a change: ``name`` is a word, ``detail`` an id or a name."""

    name: str
    detail: str = ""


CODE = Cause("code")
_cause: ContextVar[Cause] = ContextVar("cause", default=CODE)


@contextmanager
def by(name: str, detail: str = "") -> Iterator[None]:
    """Name the cause of all entries that are written inside the ``with`` block.

    A context and not an argument: a view or a command knows the cause, and the
    function that writes the entry is many calls away.
    """
    token = _cause.set(Cause(name, detail))
    try:
        yield
    finally:
        _cause.reset(token)


def cause() -> Cause:
    """The cause that ``by`` has named; ``code`` outside of any."""
    return _cause.get()


def entry(
    what: str, before: str, after: str, *, order: Order | None = None, **fields: Any
) -> AuditEntry:
    """An entry that is not saved yet; ``fields`` are other fields of ``AuditEntry``."""
    who = cause()
    return AuditEntry(
        what=what,
        before=before,
        after=after,
        order=order,
        cause=who.name,
        caused_by=who.detail[:255],
        **fields,
    )


def note(what: str, before: str, after: str, **fields: Any) -> None:
    """Write one entry, in the caller's transaction."""
    entry(what, before, after, **fields).save()


def write(entries: list[AuditEntry]) -> None:
    """Write entries with one statement."""
    if entries:
        AuditEntry.objects.bulk_create(entries)


def payment_moved(payment: Payment, before: str, request_id: str = "") -> AuditEntry:
    """The entry of a change of ``payment`` from ``before`` to its status. Not saved."""
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
    """The entry of a change of ``order`` from ``before`` to its status. Not saved."""
    return entry(
        "order",
        before,
        order.status,
        order=order,
        amount=order.amount,
        currency=order.currency,
        request_id=request_id,
    )
