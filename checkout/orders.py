"""A draft becomes the one order that a shopper's till works on."""

from typing import Any

from .conf import conf
from .drafts import Draft
from .exceptions import BagEmpty
from .models import Order, new_reference


def current(shopper: str) -> Order | None:
    """The order the shopper's till works on, or None."""
    return Order.objects.filter(current_for=shopper).first()


def shows_state(order: Order | None, draft: Draft | None) -> bool:
    """True if the till must show how ``order`` stands instead of a form.

    That is so while money for this very bag is on its way or has come. Once the
    shopper has seen it paid, the bag was emptied: what is in it now is new.
    """
    if order is None or order.is_open or order.seen_at is not None:
        return False
    return draft is None or draft.fingerprint == order.fingerprint


def open_for(shopper: str, draft: Draft | None, email: str) -> tuple[Order, bool]:
    """Lock the shopper's current order, or make it; call inside a transaction.

    Returns the order and whether it is new. An order whose bag has become
    another one is let go and a new one made. Raises ``BagEmpty``, or what
    ``Draft.check`` raises, before anything is written. Two at once end with one
    order: the slower one gets ``IntegrityError``, and has to start over.
    """
    order = Order.objects.select_for_update().filter(current_for=shopper).first()
    if order is not None and (order.is_open or shows_state(order, draft)):
        if order.is_open:
            checked(draft)
        return order, False
    wanted = checked(draft)
    if order is not None:
        order.current_for = None
        order.save(update_fields=["current_for"])
    return _make(shopper, wanted, email), True


def checked(draft: Draft | None) -> Draft:
    """Return ``draft`` if it can be charged; raise the ``DraftRefused`` if not."""
    if draft is None:
        raise BagEmpty("The order source found no bag.")
    draft.check()
    return draft


def _make(shopper: str, draft: Draft, email: str) -> Order:
    prefix = conf().reference_prefix
    reference = f"{prefix}-{new_reference()}" if prefix else new_reference()
    return Order.objects.create(
        shopper=shopper,
        current_for=shopper,
        reference=reference,
        livemode=conf().livemode,
        **_facts(draft, email),
    )


def freeze(order: Order, draft: Draft, email: str) -> None:
    """Make ``order`` the frozen copy of ``draft``; the caller holds its lock."""
    facts = _facts(draft, email)
    if any(getattr(order, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(order, name, value)
        order.save(update_fields=list(facts))


def _facts(draft: Draft, email: str) -> dict[str, Any]:
    return {
        "amount": draft.total.amount,
        "currency": draft.total.currency,
        "lines": draft.snapshot(),
        "fingerprint": draft.fingerprint,
        "email": email,
    }
