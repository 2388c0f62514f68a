"""What the host hears. A receiver that raises is logged, and undoes no payment."""

from django.dispatch import Signal

#: Sent once for each order, after the transaction that marked it paid.
#: Carries ``order``. This is where a host fulfils; what writes to the database
#: and may fail there stands in an ``atomic`` of its own.
order_paid = Signal()

#: Sent in the shopper's own request, once for each order, when the shopper is
#: first shown that it is paid or being paid, and the bag still holds just that.
#: Carries ``request`` and ``order``. This is where a host empties the bag.
bag_taken = Signal()
