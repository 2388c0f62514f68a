"""What the tests of crashes share: a case, who rescues, and what has to hold.

`tests/money/test_crashes.py` goes through some cases, `tests/proofs/test_crashes.py`
through all of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.models import Payment
from htmx_checkout.reconciliation import ledger
from tests.support.journeys import JOURNEYS, RECONCILER, SHOPPER, WEBHOOK, Journey
from tests.support.world import HOURS, MINUTES, World, dying_at, picture, world

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


def cases(points: Callable[[Journey], Iterable[int]]) -> list[Case]:
    return [
        Case(name, point, who, key)
        for name, journey in JOURNEYS.items()
        for point in points(journey)
        for who in RESCUERS
        for key in KEYS
    ]


CRASHES = cases(lambda journey: range(1, len(journey.trace) + 1))
LIVES = cases(lambda journey: [0])


def enter(journey: Journey, settings: Any, monkeypatch: Any) -> Any:
    """The world of a journey, as a context."""
    given = {"abandon_after_hours": 72} | journey.settings
    return world(settings, monkeypatch, **given)


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
        # What others make beside the checkout is not ours to prevent.
        if intent["status"] != "canceled" and intent["metadata"]["attempt"] != "7"
    )
    assert set(could_be_paid.values()) <= {1}
    heard = [line for line in picture(world.engine) if line.startswith("message")]
    assert all(line.endswith(("heard 0", "heard 1")) for line in heard)


def die_and_be_rescued(case: Case, world: World) -> None:
    """The process dies at the case's stop, and each claim about what follows holds."""
    journey = case.journey
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


def live_on(case: Case, world: World) -> None:
    """Nobody dies, and everybody comes: the end is the journey's."""
    journey = case.journey
    journey.begin(world)
    journey.act(world)
    pass_time(world, case.key)
    rescue(world, case.who)
    goes_on(world, journey)
    check(world)
    assert picture(world.engine) == sorted(journey.end)
