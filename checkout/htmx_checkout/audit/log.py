"""Writes the audit log, in the transaction that makes the change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ..models import AuditEntry, Order, Payment
from ..money import Money


@dataclass(frozen=True, slots=True)
class Cause:
    """Who or what makes a change: ``name`` is a word, ``detail`` an id or a name."""

    name: str
    detail: str = ""


# Outside of any `by` it is the host's own code that calls.
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


def entry(
    what: str, before: str, after: str, money: Money | None = None, **fields: Any
) -> AuditEntry:
    """An entry, not saved. ``what`` went from state ``before`` to ``after``.

    ``fields`` are other fields of ``AuditEntry``, such as ``order`` and ``subject``.
    """
    if money is not None:
        fields |= {"amount": money.amount, "currency": money.currency}
    who = _cause.get()
    fields |= {"cause": who.name, "caused_by": who.detail[:255]}
    return AuditEntry(what=what, before=before, after=after, **fields)


def note(what: str, before: str, after: str, **fields: Any) -> None:
    """Write one entry, in the caller's transaction; see ``entry`` for ``fields``."""
    entry(what, before, after, **fields).save()


def write(entries: list[AuditEntry]) -> None:
    """Write entries with one statement."""
    if entries:
        AuditEntry.objects.bulk_create(entries)


def payment_moved(payment: Payment, before: str, request_id: str = "") -> AuditEntry:
    """The entry of a change of ``payment`` from ``before`` to its status. Not saved."""
    money = payment.received if payment.amount_received else payment.total
    about: dict[str, Any] = {"order": payment.order, "payment": payment}
    about |= {"subject": payment.stripe_id or "", "note": payment.last_error}
    return entry(
        "payment", before, payment.status, money, request_id=request_id, **about
    )


def order_moved(order: Order, before: str, request_id: str = "") -> AuditEntry:
    """The entry of a change of ``order`` from ``before`` to its status. Not saved."""
    fields = {"order": order, "request_id": request_id}
    return entry("order", before, order.status, order.total, **fields)
