"""A process dies at each point of each road, and somebody else takes it up.

31 journeys have 128 points between two things that cannot be done at once. At each of
them the process dies; then comes the shopper, the webhook or the reconciler, while
Stripe still knows the key or has forgotten it: 128 by 3 by 2 are 768 combinations, and
none is left out. Where a rescuer can do nothing (``Journey.heals`` says so by a rule)
it must do no harm: that is so in 348 of them. In all others it brings the end about
alone. Afterwards life goes on, with everybody in it, and nothing may change. Each
journey is also made by a process that lives, with all that follows: 186 more.
"""

import pytest

from tests.support.crashes import CRASHES, LIVES, die_and_be_rescued, enter, live_on
from tests.support.journeys import ALL, JOURNEYS
from tests.support.world import tracing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("case", CRASHES, ids=str)
def test_whoever_comes_after_a_crash_the_end_is_the_same_f1_to_f20(
    case, settings, monkeypatch
):
    with enter(case.journey, settings, monkeypatch) as world:
        die_and_be_rescued(case, world)


@pytest.mark.parametrize("case", LIVES, ids=str)
def test_without_a_crash_the_end_is_that_one(case, settings, monkeypatch):
    with enter(case.journey, settings, monkeypatch) as world:
        live_on(case, world)


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_names_each_stop_on_it(name, settings, monkeypatch):
    journey = JOURNEYS[name]
    with enter(journey, settings, monkeypatch) as world:
        journey.begin(world)
        with tracing() as trace:
            journey.act(world)
    assert [stop.name for stop in trace] == [stop.name for stop in journey.trace]


def test_the_numbers_above_are_these():
    points = sum(len(journey.trace) for journey in JOURNEYS.values())
    idle = [case for case in CRASHES if not case.heals]
    said = f"{len(JOURNEYS)} journeys have {points} points"
    assert said in __doc__
    assert f"{points} by 3 by 2 are {len(CRASHES)} combinations" in __doc__
    assert f"that is so in {len(idle)} of them" in __doc__
    assert f"{len(LIVES)} more" in __doc__
    assert {who for journey in JOURNEYS.values() for who in journey.heals(ALL)} <= ALL
