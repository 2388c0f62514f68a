"""What Stripe says to a refund: a no is believed only when it has none."""

import pytest

from htmx_checkout.exceptions import GatewayError, RefundRefused, StripeRefused
from htmx_checkout.models import Refund
from htmx_checkout.payments import refund as refunding
from htmx_checkout.refunds import plan
from tests.desk import paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(till, begun):
    return paid(till, begun)


@pytest.fixture
def unanswered(till, bought):
    """A refund that Stripe has made, and whose answer was lost."""
    till.trouble("reset_after", 2, path="/v1/refunds")
    with pytest.raises(GatewayError):
        refunding.refund(bought, 1200)
    made = Refund.objects.get()
    assert made.status == "creating"
    return made


def test_a_refund_that_stripe_has_is_not_failed_by_a_later_no(till, unanswered):
    till.says_no("parameter_unknown")
    assert refunding.send(unanswered.pk).status == "succeeded"
    payment = unanswered.payment
    payment.refresh_from_db()
    assert (payment.amount_refunded, plan.refundable(payment)) == (1200, 3000)


def test_who_may_not_even_ask_fails_no_refund(till, unanswered, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"SECRET_KEY": "rotated"}
    with pytest.raises(StripeRefused):
        refunding.send(unanswered.pk)
    assert Refund.objects.get().status == "creating"


def test_an_amount_that_stripe_takes_for_none_is_not_planned_for_ever(till, bought):
    # All is paid back, so that Stripe does not have this one.
    refunding.refund(bought)
    planned = Refund.objects.create(
        payment=bought,
        amount=1,
        currency="gbp",
        wanted_by="code",
        idempotency_key="small",
    )
    till.says_no("amount_too_small")
    with pytest.raises(RefundRefused):
        refunding.send(planned.pk)
    planned.refresh_from_db()
    assert (planned.status, planned.failure) == ("failed", "amount_too_small")
