"""What the host hears. A receiver that raises is logged, and undoes no payment."""

from django.dispatch import Signal

#: Sent once for each order, after the transaction that marked it paid.
#: Carries ``order``. This is where a host fulfils. What all its receivers write
#: to the database is kept as a whole, or not at all if one of them raises.
order_paid = Signal()

#: Sent in the shopper's own request, once for each order, when the shopper is
#: first shown that it is paid and the bag still holds what was paid.
#: Carries ``request`` and ``order``. This is where a host empties the bag.
bag_paid = Signal()
