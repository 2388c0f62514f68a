"""Who dies, and who is overtaken: at the app's stops and while Stripe is asked."""

from typing import Any

from django.db import connection

from htmx_checkout.core.failpoints import Failpoint

# A process in which others are at work, in which others are at work.
DEEPEST = 2


class Killed(BaseException):
    """The process is gone: what was not committed never was, nobody is answered."""


class Fate:
    """Watches one scene. ``dies`` and ``overtaken`` are chances for each place."""

    def __init__(self, scene: Any, dies: float, overtaken: float) -> None:
        self.scene, self.dies, self.overtaken = scene, dies, overtaken

    def reach(self, stop: Failpoint) -> None:
        """The app has come to ``stop``."""
        self.scene.tally[f"reached: {stop.name}"] += 1
        self.meet(stop.name)

    def meet(self, place: str) -> None:
        """Die at ``place``, let others overtake there, or (mostly) neither."""
        scene = self.scene
        if scene.healed or not scene.depth:
            return
        roll = scene.dice.random()
        if roll < self.dies:
            scene.tally["process: dies"] += 1
            scene.tally[f"died: {place}"] += 1
            raise Killed(place)
        can_be = scene.depth <= DEEPEST and not connection.in_atomic_block
        if can_be and roll < self.dies + self.overtaken:
            scene.tally["process: overtaken"] += 1
            scene.tally[f"overtaken: {place}"] += 1
            scene.note(f"({place})")
            for _ in range(scene.dice.choice((1, 1, 1, 2, 3))):
                scene.overtake()
