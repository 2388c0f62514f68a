"""The one order of a shopper that can still be paid, made from a draft."""

from typing import Any

from ..conf import conf
from ..exceptions import BagEmpty
from ..models import Order, new_reference
from .draft import Draft, Line


def current_order(shopper: str) -> Order | None:
    """The order that this shopper's checkout works on, or None."""
    return Order.objects.filter(current_for=shopper).first()


def shows_state(order: Order | None, draft: Draft | None) -> bool:
    """True if the checkout must show the state of ``order`` instead of a form.

    That is so when money has come or is on its way: until the shopper has seen that,
    and afterwards while the bag stays empty.
    """
    if order is None or not order.is_on_its_way:
        return False
    return order.seen_at is None or draft is None


def payable_draft(order: Order | None, draft: Draft | None) -> Draft | None:
    """The draft of the bag, or of an order that can be paid again; or None.

    A bank can refuse a payment after days, when the bag was emptied long ago. The
    draft is then made from the order itself.
    """
    if draft is None and order is not None and order.is_open and order.seen_at:
        lines = tuple(Line(**row) for row in order.lines)
        return Draft(currency=order.currency, lines=lines, email=order.email)
    return draft


def locked_order(shopper: str, draft: Draft | None) -> tuple[Order, bool]:
    """Lock the shopper's current order, or make it. Returns (order, is_new).

    Call inside a transaction. An order that cannot be paid any more stops being the
    current one, and a new one is made. Raises ``BagEmpty``, or what ``Draft.check``
    raises, before anything is written. Of two requests at once the slower one gets
    ``IntegrityError``, and must start over.
    """
    order = Order.locked().filter(current_for=shopper).first()
    if order is not None and shows_state(order, draft):
        return order, False
    draft = chargeable(draft)
    if order is not None and _is_still(order, draft):
        return order, False
    if order is not None:
        order.current_for = None
        order.save(update_fields=["current_for"])
    return _make(shopper, draft), True


def _is_still(order: Order, draft: Draft) -> bool:
    """True if ``order`` can be paid, and is for this draft.

    An open order changes with its bag. Once the bag has been emptied for it, another
    bag is another order. Keys of the other mode (test, live) cannot pay it.
    """
    same_bag = order.seen_at is None or order.fingerprint == draft.fingerprint
    return order.is_open and same_bag and order.livemode == conf().livemode


def chargeable(draft: Draft | None) -> Draft:
    """Return ``draft`` if it can be charged; raise the ``DraftRefused`` if not."""
    if draft is None:
        raise BagEmpty("The order source found no bag.")
    draft.check()
    return draft


def _make(shopper: str, draft: Draft) -> Order:
    prefix = conf().reference_prefix
    reference = f"{prefix}-{new_reference()}" if prefix else new_reference()
    return Order.objects.create(
        shopper=shopper,
        current_for=shopper,
        reference=reference,
        livemode=conf().livemode,
        **_frozen(draft),
    )


def freeze(order: Order, draft: Draft) -> None:
    """Make ``order`` the frozen copy of ``draft``; the caller holds its lock."""
    if not is_frozen(order, draft):
        fields = _frozen(draft)
        for name, value in fields.items():
            setattr(order, name, value)
        order.save(update_fields=list(fields))


def is_frozen(order: Order, draft: Draft) -> bool:
    """True if ``order`` is the frozen copy of ``draft``, with its e-mail address."""
    fields = _frozen(draft)
    return all(getattr(order, name) == value for name, value in fields.items())


def _frozen(draft: Draft) -> dict[str, Any]:
    return {
        "amount": draft.total.amount,
        "currency": draft.total.currency,
        "lines": draft.snapshot(),
        "fingerprint": draft.fingerprint,
        "email": draft.email,
    }
