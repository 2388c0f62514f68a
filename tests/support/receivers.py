"""Receivers of a host, connected for a while."""

from contextlib import contextmanager

from htmx_checkout import outbox, signals


@contextmanager
def connected(*receivers):
    """Let ``receivers`` hear that an order is paid."""
    for receiver in receivers:
        signals.order_paid.connect(receiver)
    try:
        yield
    finally:
        for receiver in receivers:
            signals.order_paid.disconnect(receiver)


def staged(order):
    """Write down that ``order`` is paid, whatever it is, for the host to hear."""
    outbox.add(outbox.Name.ORDER_PAID, order.reference, order.pk, order)
