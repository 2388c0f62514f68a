"""A process dies at each kind of point, and somebody else takes it up.

Each stop once for each rescuer who can bring the end about alone, on the first journey
where he can, and once more when Stripe has forgotten the key. `tests/proofs` has all
combinations of journeys, points, rescuers and keys.
"""

import pytest

from htmx_checkout.core.failpoints import Failpoint
from tests.support.crashes import CRASHES, LIVES, die_and_be_rescued, enter, live_on
from tests.support.journeys import JOURNEYS

pytestmark = pytest.mark.django_db(transaction=True)


def first(cases, kind):
    """The first case of each kind; dicts keep what came first when read backwards."""
    return list({kind(case): case for case in reversed(cases)}.values())


HEALING = [case for case in CRASHES if case.heals]
FRESH = first(
    [case for case in HEALING if case.key == "fresh"],
    lambda case: (case.stop, case.who),
)
PRUNED = first(
    [case for case in HEALING if case.key == "pruned"], lambda case: case.stop
)


@pytest.mark.parametrize("case", FRESH + PRUNED, ids=str)
def test_whoever_comes_after_a_crash_the_end_is_the_same_f1_to_f20(
    case, settings, monkeypatch
):
    with enter(case.journey, settings, monkeypatch) as world:
        die_and_be_rescued(case, world)


@pytest.mark.parametrize("case", first(LIVES, lambda case: case.name), ids=str)
def test_without_a_crash_the_end_is_that_one(case, settings, monkeypatch):
    with enter(case.journey, settings, monkeypatch) as world:
        live_on(case, world)


def test_no_stop_is_forgotten():
    reached = {stop for journey in JOURNEYS.values() for stop in journey.trace}
    assert reached == set(Failpoint)
    assert (
        {case.stop for case in FRESH}
        == {case.stop for case in PRUNED}
        == set(Failpoint)
    )
