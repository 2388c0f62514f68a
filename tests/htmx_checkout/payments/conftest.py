"""An order whose process died before Stripe was asked."""

import pytest

from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.models import (
    Order,
)
from tests.support.cast import (
    open_payment,
    shopper,
)
from tests.support.world import dying_at


@pytest.fixture
def unasked(till):
    """An order whose process has died before it could ask for the intent."""
    with dying_at(Failpoint.PLANNED):
        open_payment(shopper())
    return Order.objects.get()
