"""What the host hears.

Each is sent with ``send_robust``: a receiver that raises is logged, and
never undoes a payment.
"""

from django.dispatch import Signal

#: Sent once for each order, after the transaction that marked it paid.
#: Carries ``order``. This is where a host fulfils.
order_paid = Signal()

#: Sent in the shopper's own request, once for each order, when the shopper is
#: first shown that it is paid and the bag still holds what was paid.
#: Carries ``request`` and ``order``. This is where a host empties the bag.
bag_paid = Signal()
