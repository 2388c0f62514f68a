"""Snapshots of Stripe's objects: an answer with a field missing is no answer."""

import pytest
from django.utils import timezone

from htmx_checkout.exceptions import StripeUnreachable
from htmx_checkout.gateway.objects import Answer, Intent
from htmx_checkout.models import Payment
from htmx_checkout.models.statuses import PaymentStatus
from tests.support.cast import open_payment

pytestmark = pytest.mark.django_db


class Held:
    """An intent with whatever attributes Stripe may send."""

    metadata = None

    def __init__(self, **facts):
        self.__dict__.update(facts)


WHOLE = {
    "id": "pi_1",
    "status": "succeeded",
    "amount": 4200,
    "amount_received": 4200,
    "currency": "gbp",
    "livemode": False,
    "client_secret": "pi_1_secret_2",
    "receipt_email": None,
}


def translated(facts):
    return Intent.from_stripe(Answer(Held(**facts), timezone.now()))


def test_a_status_that_is_not_known_yet_neither_thanks_nor_asks_f39():
    intent = translated(WHOLE | {"status": "on_the_moon"})
    assert intent.status == PaymentStatus.PROCESSING


@pytest.mark.parametrize("part", sorted(WHOLE))
def test_an_answer_that_lacks_a_part_is_an_unknown_outcome_f50(part):
    facts = {name: value for name, value in WHOLE.items() if name != part}
    with pytest.raises(StripeUnreachable):
        translated(facts)


HOLES = {
    "no_amount": lambda held: held | {"amount": None},
    "an_amount_in_words": lambda held: held | {"amount": "4200"},
    "no_money_received": lambda held: held | {"amount_received": None},
    "no_secret": lambda held: held | {"client_secret": None},
    "a_list": lambda held: [held],
    "a_proxys_page": lambda held: b"<html>Log in to the network.</html>",
}


@pytest.mark.parametrize("hole", HOLES)
def test_an_answer_with_a_hole_in_it_is_an_unknown_outcome_f50(till, begun, hole):
    ada, payment = begun
    till.changes_answer(HOLES[hole], times=2)
    assert open_payment(ada).status_code == 503
    kept = Payment.objects.get()
    assert (kept.stripe_id, kept.amount, kept.status) == (
        payment.stripe_id,
        4200,
        "open",
    )


def test_the_client_secret_is_in_no_repr_i11():
    assert "secret_2" not in repr(translated(WHOLE))
