"""A process dies at each point of each road, and somebody else takes it up.

31 journeys have 129 points between two things that cannot be done at once. At each of
them the process dies; then comes the shopper, the webhook or the reconciler, while
Stripe still knows the key or has forgotten it: 129 by 3 by 2 are 774 combinations, and
none is left out. Where a rescuer can do nothing (``Journey.heals`` says so by a rule)
it must do no harm: that is so in 344 of them. In all others it brings the end about
alone. Afterwards life goes on, with everybody in it, and nothing may change. Each
journey is also made by a process that lives, with all that follows: 186 more.
"""

from collections import Counter
from dataclasses import dataclass

import pytest

from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.models import Payment
from htmx_checkout.reconciliation import ledger
from tests.journeys import ALL, JOURNEYS, RECONCILER, SHOPPER, WEBHOOK, Journey
from tests.world import HOURS, MINUTES, World, dying_at, picture, tracing, world

pytestmark = pytest.mark.django_db(transaction=True)

RESCUERS = (SHOPPER, WEBHOOK, RECONCILER)
KEYS = ("fresh", "pruned")


@dataclass(frozen=True)
class Case:
    """One combination; ``point`` counts the stops of the journey from 1, 0 is none."""

    name: str
    point: int
    who: str
    key: str

    @property
    def journey(self) -> Journey:
        return JOURNEYS[self.name]

    @property
    def stop(self) -> Failpoint:
        return self.journey.trace[self.point - 1]

    @property
    def occurrence(self) -> int:
        return self.journey.trace[: self.point].count(self.stop)

    @property
    def heals(self) -> bool:
        reached = frozenset(self.journey.trace[: self.point])
        return self.who in self.journey.heals(reached)

    def __str__(self) -> str:
        at = f"{self.point}-{self.stop.name.lower()}" if self.point else "lives"
        return f"{self.name}-{at}-{self.who}-{self.key}"


def cases(points):
    return [
        Case(name, point, who, key)
        for name, journey in JOURNEYS.items()
        for point in points(journey)
        for who in RESCUERS
        for key in KEYS
    ]


CRASHES = cases(lambda journey: range(1, len(journey.trace) + 1))
LIVES = cases(lambda journey: [0])


@pytest.fixture
def enter(settings, monkeypatch):
    """Enter the world of a journey."""

    def entered(journey: Journey):
        given = {"abandon_after_hours": 72} | journey.settings
        return world(settings, monkeypatch, **given)

    return entered


def rescue(world: World, who: str) -> None:
    """One of the three comes, and a worker does what he has left to do."""
    if who == SHOPPER:
        world.shop()
    elif who == WEBHOOK:
        world.deliver()
    else:
        world.reconcile(2)
    world.work()


def goes_on(world: World, journey: Journey) -> None:
    """Everybody comes, and comes again."""
    journey.staff(world)
    world.shop()
    world.deliver()
    world.work()
    world.reconcile(2)


def pass_time(world: World, key: str) -> None:
    """A crash is not noticed at once; after a day Stripe has forgotten the key.

    An outage is over by then: what is tried here is one fault at a time.
    """
    world.engine.faults.waiting.clear()
    if key == "fresh":
        world.later(15 * MINUTES)
    else:
        world.later(25 * HOURS)
        world.engine.answers.forget()


def check(world: World) -> None:
    """What holds at all times, also with a process that lies dead."""
    assert ledger.violations() == []
    intents = world.engine.store.newest("payment_intent")
    could_be_paid = Counter(
        intent["metadata"]["order"]
        for intent in intents
        # What others make beside the till is not ours to prevent.
        if intent["status"] != "canceled" and intent["metadata"]["attempt"] != "7"
    )
    assert set(could_be_paid.values()) <= {1}
    heard = [line for line in picture(world.engine) if line.startswith("message")]
    assert all(line.endswith(("heard 0", "heard 1")) for line in heard)


@pytest.mark.parametrize("case", CRASHES, ids=str)
def test_whoever_comes_after_a_crash_the_end_is_the_same_f1_to_f20(enter, case):
    journey = case.journey
    with enter(journey) as world:
        journey.begin(world)
        with dying_at(case.stop, case.occurrence):
            journey.act(world)
        check(world)
        pass_time(world, case.key)
        rescue(world, case.who)
        check(world)
        if case.heals:
            assert picture(world.engine) == sorted(journey.end)
        goes_on(world, journey)
        check(world)
        assert picture(world.engine) == sorted(journey.end)
        assert Payment.objects.filter(status="succeeded").count() <= 1


@pytest.mark.parametrize("case", LIVES, ids=str)
def test_without_a_crash_the_end_is_that_one(enter, case):
    journey = case.journey
    with enter(journey) as world:
        journey.begin(world)
        journey.act(world)
        pass_time(world, case.key)
        rescue(world, case.who)
        goes_on(world, journey)
        check(world)
        assert picture(world.engine) == sorted(journey.end)


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_names_each_stop_on_it(enter, name):
    journey = JOURNEYS[name]
    with enter(journey) as world:
        journey.begin(world)
        with tracing() as trace:
            journey.act(world)
    assert [stop.name for stop in trace] == [stop.name for stop in journey.trace]


def test_no_stop_is_forgotten():
    reached = {stop for journey in JOURNEYS.values() for stop in journey.trace}
    assert reached == set(Failpoint)


def test_the_numbers_above_are_these():
    points = sum(len(journey.trace) for journey in JOURNEYS.values())
    idle = [case for case in CRASHES if not case.heals]
    said = f"{len(JOURNEYS)} journeys have {points} points"
    assert said in __doc__
    assert f"{points} by 3 by 2 are {len(CRASHES)} combinations" in __doc__
    assert f"that is so in {len(idle)} of them" in __doc__
    assert f"{len(LIVES)} more" in __doc__
    assert {who for journey in JOURNEYS.values() for who in journey.heals(ALL)} <= ALL
