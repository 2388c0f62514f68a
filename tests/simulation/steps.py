"""What can happen next, and how often beside the others."""

from collections.abc import Callable
from random import Random

from tests.simulation import machines, shoppers, staff
from tests.simulation.scene import Idle, Scene

Do = Callable[[Scene], str]

WEIGHTS: dict[Do, float] = {
    shoppers.press: 9,
    shoppers.press_twice: 2,
    shoppers.press_next_day: 1,
    shoppers.pay: 10,
    shoppers.authenticate: 6,
    shoppers.come_back: 5,
    shoppers.look: 4,
    shoppers.fill: 3,
    shoppers.visit: 3,
    shoppers.go_away: 0.4,
    staff.refund: 3,
    staff.cancel: 1.5,
    staff.capture: 5,
    staff.release: 1,
    staff.close: 0.6,
    staff.unpark: 0.6,
    staff.refund_there: 1,
    staff.fail_refund: 1,
    staff.edit_there: 0.6,
    staff.cancel_there: 0.5,
    staff.pay_there: 0.25,
    staff.dispute: 0.5,
    staff.decide: 1,
    machines.deliver: 12,
    machines.forge: 0.3,
    machines.mischief: 2,
    machines.lose: 0.7,
    machines.work: 9,
    machines.reconcile: 1.5,
    machines.debit: 2,
    machines.lapse: 0.7,
    machines.seconds: 3,
    machines.minutes: 2,
    machines.hours: 1,
    machines.days: 0.7,
    machines.set_clock: 0.5,
}
# What nobody waits for in the middle of something else: a request that sleeps over it
# is one that a time-out has ended.
ALONE = {
    machines.minutes,
    machines.hours,
    machines.days,
    machines.set_clock,
    shoppers.press_next_day,
    shoppers.go_away,
}
# Of what overtakes, how much is another one of what it overtakes: two who do the same
# at once are who most guards are for.
AGAIN = 0.25
# What most histories begin with, so that there is something to go wrong.
OPENING = (shoppers.press,)


class Mind:
    """Picks what happens next."""

    def __init__(self, weights: dict[Do, float] = WEIGHTS) -> None:
        self.weights = weights

    def one(self, scene: Scene, *, beside: bool = False, first: bool = False) -> None:
        """Play one thing that can be done now. ``beside``: while another is at work."""
        if first:
            scene.play("press", OPENING[0])
            return
        left = {d: w for d, w in self.weights.items() if not (beside and d in ALONE)}
        while left:
            do = _pick(scene.dice, left)
            if beside and scene.doing[-1] in left and scene.dice.random() < AGAIN:
                do = scene.doing[-1]
            try:
                scene.play(do.__name__, do)
            except Idle:
                del left[do]
                continue
            scene.tally[f"step: {do.__name__}"] += 1
            return


def _pick(dice: Random, left: dict[Do, float]) -> Do:
    return dice.choices(list(left), list(left.values()))[0]
