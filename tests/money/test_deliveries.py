"""In whatever order Stripe's events come, and however often, the end is the same.

Some orders for each kind of trouble: turned round, each event twice, the browser's
return first, last or in between. `tests/proofs` goes through all there are.
"""

import pytest

from htmx_checkout.reconciliation import ledger
from tests.support import deliveries
from tests.support.deliveries import EVENTS, differs, failures
from tests.support.world import branch

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(settings, monkeypatch):
    with deliveries.story(settings, monkeypatch) as told:
        yield told


def twice(kinds):
    return [kind for kind in kinds for _ in range(2)]


CREATED, PROCESSING, FAILED, SUCCEEDED, REFUNDED = EVENTS
ORDERS = {
    "in order": [*EVENTS, "return"],
    "turned round": [*reversed(EVENTS), "return"],
    "the return first": ["return", *EVENTS],
    "each twice": [*twice(EVENTS), "return"],
    "turned round and twice": ["return", *twice(reversed(EVENTS))],
    "the refund before the payment": [REFUNDED, "return", SUCCEEDED, *EVENTS[:3]],
    "the failure last": [CREATED, SUCCEEDED, REFUNDED, "return", PROCESSING, FAILED],
    "all of it once more": [*EVENTS, "return", *EVENTS],
}

# A number is the moment to which Stripe's truth moves on.
LIVES = {
    "news at once": [1, PROCESSING, 2, FAILED, 3, SUCCEEDED, 4, REFUNDED, "return"],
    "news at the end": [1, 2, 3, 4, REFUNDED, SUCCEEDED, FAILED, PROCESSING, "return"],
    "one step late": [1, 2, PROCESSING, 3, FAILED, "return", 4, SUCCEEDED, REFUNDED],
    "back before it failed": [1, "return", 2, 3, 4, *EVENTS[1:]],
    "back while it has failed": [1, 2, "return", 3, 4, *reversed(EVENTS[1:])],
}


def check(story, kinds):
    with branch(*map(story.act, kinds)):
        differs(kinds)
        assert ledger.violations() == []


@pytest.mark.parametrize("kinds", ORDERS.values(), ids=ORDERS)
def test_every_order_and_duplication_ends_alike_f24_f25_f26_i6(story, kinds):
    story.set(4)
    check(story, kinds)


@pytest.mark.parametrize("kinds", ORDERS.values(), ids=ORDERS)
def test_every_order_ends_alike_for_an_intent_that_nobody_knows_f26_f30(story, kinds):
    story.forget()
    story.set(4)
    check(story, kinds)


@pytest.mark.parametrize("steps", LIVES.values(), ids=LIVES)
def test_every_order_ends_alike_while_the_truth_moves_on_f26_i6_i7(story, steps):
    """The host hears of the failure if somebody has looked while it lasted."""
    acts, seen, moment = [], 0, 0
    for step in steps:
        if isinstance(step, int):
            moment = step
            acts.append(lambda moment=moment: story.set(moment))
        else:
            acts.append(story.act(step))
            seen = seen or int(moment == 2)
    story.set(0)
    with branch(*acts, *map(story.act, reversed(EVENTS))):
        differs([str(step) for step in steps])
        assert failures() == seen
