"""A draft becomes the one order that a shopper's till works on."""

from typing import Any

from ..conf import conf
from ..exceptions import BagEmpty
from ..models import Order, new_reference
from .draft import Draft, Line


def order_of(shopper: str) -> Order | None:
    """The order the shopper's till works on, or None."""
    return Order.objects.filter(current_for=shopper).first()


def shows_state(order: Order | None, draft: Draft | None) -> bool:
    """True if the till must show how ``order`` stands instead of a form.

    That is so while money has come, or is on its way, and the shopper has not
    been told; and afterwards, as long as the bag stays empty.
    """
    if order is None or not order.is_on_its_way:
        return False
    return order.seen_at is None or draft is None


def wanted(order: Order | None, draft: Draft | None) -> Draft | None:
    """What the till offers to pay: the bag, or else an order that fell back.

    A bank can refuse after days. The bag was emptied then, and the order itself
    is what can be paid again.
    """
    if draft is None and order is not None and order.is_open and order.seen_at:
        lines = tuple(Line(**row) for row in order.lines)
        return Draft(currency=order.currency, lines=lines, email=order.email)
    return draft


def open_for(shopper: str, draft: Draft | None, email: str) -> tuple[Order, bool]:
    """Lock the shopper's current order, or make it; call inside a transaction.

    Returns the order and whether it is new. One that is done with is let go and
    a new one made. Raises ``BagEmpty``, or what ``Draft.check`` raises, before
    anything is written. Two at once end with one order: the slower one gets
    ``IntegrityError``, and has to start over.
    """
    order = Order.locked().filter(current_for=shopper).first()
    if order is not None and shows_state(order, draft):
        return order, False
    draft = checked(draft)
    if order is not None and _is_still(order, draft):
        return order, False
    if order is not None:
        order.current_for = None
        order.save(update_fields=["current_for"])
    return _make(shopper, draft, email), True


def _is_still(order: Order, draft: Draft) -> bool:
    """True if ``order`` can be paid, and is the one that this bag is about.

    An open order follows its bag. Once the bag was emptied for it, another bag
    is another order; and keys of the other mode cannot pay it.
    """
    same_bag = order.seen_at is None or order.fingerprint == draft.fingerprint
    return order.is_open and same_bag and order.livemode == conf().livemode


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
