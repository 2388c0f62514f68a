"""The signals that a host can connect to. A receiver that raises undoes no payment.

All but ``bag_taken`` go through the outbox: a message is stored in the transaction
that makes it true. Each receiver is called once; one that raises is called again later,
and the message is parked with an incident if it keeps raising. What a receiver writes
to this database is committed together with the note that it was called, or not at all.
What it does elsewhere (an e-mail) is repeated if the process dies before that note is
committed, unless the signal is named in ``CHECKOUT["AT_MOST_ONCE"]``.
"""

from typing import Any

from django.dispatch import Signal


class OutboxSignal(Signal):
    """A signal whose receivers are called one by one, each in its own transaction."""

    def listeners(self, sender: Any) -> list[tuple[str, Any]]:
        """The receivers, each with a name that is the same in every process.

        Several of one name are numbered. Django has no public way to list receivers;
        this is the one place that uses its private one.
        """
        receivers, _async = self._live_receivers(sender)
        named: list[tuple[str, Any]] = []
        for receiver in receivers:
            name = f"{receiver.__module__}.{getattr(receiver, '__qualname__', '?')}"
            again = sum(known.split("#")[0] == name for known, _ in named)
            named.append((f"{name}#{again}" if again else name, receiver))
        return named


#: Sent once for each order, after the transaction that marked it paid.
#: Carries ``order``. This is where a host fulfils.
order_paid = OutboxSignal()

#: Sent once for each order when its money is held and waits to be captured.
#: Carries ``order`` and ``payment``.
order_authorised = OutboxSignal()

#: Sent once for each refund that has succeeded. Carries ``order`` and ``refund``,
#: whose ``amount`` is in minor units; several can follow one order.
order_refunded = OutboxSignal()

#: Sent once for each charge that the bank refused. Carries ``order`` and
#: ``payment``, whose ``last_error`` is Stripe's code.
payment_failed = OutboxSignal()

#: Sent once for each dispute. Carries ``order`` and ``dispute``.
dispute_opened = OutboxSignal()

#: Sent once for each incident: money that fits no order, or trouble around it.
#: Carries ``incident``. It is logged as an error as well, which mails ``ADMINS``.
incident_opened = OutboxSignal()

#: Sent in the shopper's own request, once for each order, when the shopper is
#: first shown that it is paid or being paid, and the bag still holds just that.
#: Carries ``request`` and ``order``. This is where a host empties the bag.
bag_taken = Signal()
