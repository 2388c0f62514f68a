"""One history: played from its number, the same each time."""

from tests.simulation import ending, machines, safety
from tests.simulation.chance import dice
from tests.simulation.clock import Clock
from tests.simulation.scene import Idle, Scene, Violation
from tests.simulation.steps import Mind
from tests.simulation.told import Told

ENDING = 10_000


def play(
    seed: str, number: int, clock: Clock, skip: frozenset[int] = frozenset()
) -> Told:
    """Play history ``number`` of ``seed``, without the steps in ``skip``."""
    name = f"{seed}:{number}"
    scene = Scene(name, clock)
    scene.mind = mind = Mind()
    told = Told(seed, number, steps=scene.profile.steps)
    try:
        for step in [*range(scene.profile.steps), ENDING]:
            if step in skip:
                continue
            told.step = step
            scene.dice = dice(name, step)
            _step(scene, mind, step)
    except (Violation, Idle) as violation:
        told.wrong = f"{type(violation).__name__}: {violation}"
    finally:
        scene.close()
    machines.count_mischief(scene)
    told.trace, told.tally = scene.trace, scene.tally
    return told


def _step(scene: Scene, mind: Mind, step: int) -> None:
    place = len(scene.trace)
    if step == ENDING:
        ending.play(scene)
        return
    mind.one(scene, first=step == 0)
    safety.look(scene)
    scene.clock.advance(scene.dice.choice((0.0, 0.2, 1.1, 4.0)))
    scene.trace[place] = f"{step:>3}  {scene.trace[place]}"
