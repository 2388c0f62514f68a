"""The fewest steps that still fail in the same way."""

from tests.simulation import story
from tests.simulation.clock import Clock
from tests.simulation.told import Told


def shrink(told: Told, clock: Clock) -> tuple[Told, frozenset[int]]:
    """Leave out one step after the other, as long as it still fails so.

    Each step has dice of its own, so that the others stay what they are; what
    they find to do may differ. Returns the shortest history, and what it skips.
    """
    best, skip = told, frozenset(range(told.step + 1, told.steps))
    for step in reversed(range(min(told.step, told.steps))):
        again = story.play(told.seed, told.number, clock, skip | {step})
        if again.wrong and again.kind == told.kind:
            best, skip = again, skip | {step}
    return best, skip
