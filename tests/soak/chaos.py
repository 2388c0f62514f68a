"""What is killed, cut, delayed and played, and when.

Each kind of trouble is a card of a deck that is dealt without putting back: after
one round each has happened. Four hands deal at once, so that troubles meet.
"""

import threading
import traceback
from collections.abc import Callable
from random import Random
from typing import Any

import requests

from .programs import Program
from .proxy import Kind, Proxy, Toxic
from .scene import Scene

Card = Callable[[], None]

STRIPE_TOXICS = (
    Toxic(Kind.LATENCY, seconds=0.4, jitter=0.3),
    Toxic(Kind.REFUSE, chance=0.5),
    Toxic(Kind.LOSE_ANSWER, chance=0.5),
    Toxic(Kind.TRUNCATE, chance=0.5, length=20),
    Toxic(Kind.TRUNCATE, chance=0.5, length=700),
    Toxic(Kind.BLACK_HOLE, chance=0.3),
    Toxic(Kind.CUT),
)
POSTGRES_TOXICS = (
    Toxic(Kind.LATENCY, seconds=0.015, jitter=0.015),
    Toxic(Kind.COMMIT_UNHEARD, chance=0.2),
    Toxic(Kind.COMMIT_UNTOLD, chance=0.2),
    Toxic(Kind.CUT),
)
FRONT_TOXICS = (
    Toxic(Kind.LOSE_ANSWER, chance=0.3),
    Toxic(Kind.REFUSE, chance=0.3),
)
API_FAULTS = (
    "rate_limit",
    "lock_timeout",
    "server_error",
    "server_error_after",
    "slow",
    "reset_before",
    "reset_after",
)


class Hand(threading.Thread):
    """Deals the cards of one deck, at random distances, until it is stopped."""

    def __init__(
        self, scene: Scene, name: str, pause: tuple[float, float], cards: list[Card]
    ) -> None:
        super().__init__(daemon=True)
        self.scene, self.pause, self.cards = scene, pause, cards
        self.dice = Random(f"{scene.seed} {name}")
        self.stopping = threading.Event()

    def run(self) -> None:
        deck: list[Card] = []
        while not self.stopping.wait(self.dice.uniform(*self.pause)):
            if not deck:
                deck = self.dice.sample(self.cards, len(self.cards))
            try:
                deck.pop()()
            except requests.RequestException as error:
                self.scene.counts.add(f"desk: {type(error).__name__}")
            except Exception:
                self.scene.counts.violate(f"Chaos stumbled: {traceback.format_exc()}")

    def close(self) -> None:
        self.stopping.set()
        self.join()


class Chaos:
    """All hands. ``required`` are the kinds that have to happen."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.desk = scene, scene.desk()
        self.dice = Random(f"{scene.seed} chaos")
        self.hands = [
            Hand(scene, "killer", (2, 5), self._killings()),
            Hand(scene, "stripe", (1, 4), self._doors(scene.stripe, STRIPE_TOXICS)),
            Hand(scene, "postgres", (2, 6), self._database()),
            Hand(scene, "front", (8, 14), self._doors(scene.front, FRONT_TOXICS)),
            Hand(scene, "fate", (0.5, 2.5), self._fate()),
        ]

    def start(self) -> None:
        for hand in self.hands:
            hand.start()

    def heal(self) -> None:
        """Stop all of it, and undo what lasts."""
        for hand in self.hands:
            hand.close()
        for door in (self.scene.stripe, self.scene.postgres, self.scene.front):
            door.heal()
        struck = self.desk.act("latency", seconds=0).get("struck", {})
        for kind, number in struck.items():
            self.scene.counts.add(f"api: {kind}", number)
        self.desk.act("clear_faults")
        for action, given in (
            ("drop", {}),
            ("duplicate", {}),
            ("delay", {"seconds": 0}),
        ):
            self.desk.act(action, **given)
        self.desk.act("release", order="shuffle")

    # --- Killed -------------------------------------------------------------

    def _killings(self) -> list[Card]:
        scene = self.scene
        webs = [lambda web=web: self._kill("web", web) for web in scene.webs]
        workers = [
            lambda worker=worker: self._kill("worker", worker)
            for worker in scene.workers
        ]
        children = [lambda web=web: self._kill_child(web) for web in scene.webs[:2]]
        return [*webs, *workers, *children, lambda: self._kill("staff", scene.staff)]

    def _kill(self, name: str, program: Program) -> None:
        if self.scene.keeper.kill(program):
            self.scene.counts.add(f"killed: {name}")

    def _kill_child(self, web: Program) -> None:
        if web.kill_child():
            self.scene.counts.add("killed: web's child")

    # --- Doors --------------------------------------------------------------

    def _doors(self, door: Proxy, toxics: tuple[Toxic, ...]) -> list[Card]:
        return [lambda toxic=toxic: self._poison(door, toxic) for toxic in toxics]

    def _database(self) -> list[Card]:
        door = self.scene.postgres
        return [*self._doors(door, POSTGRES_TOXICS), door.sever, door.sever]

    def _poison(self, door: Proxy, toxic: Toxic) -> None:
        door.poison(toxic)
        threading.Event().wait(self.dice.uniform(2, 4))
        door.heal()

    # --- Fate ---------------------------------------------------------------

    def _fate(self) -> list[Card]:
        faults = [lambda kind=kind: self._fault(kind) for kind in API_FAULTS]
        deliveries = [self._drop, self._duplicate, self._delay, self._hold]
        elsewhere = [self._refund, self._fail_refund, self._dispute, self._decide]
        return [*faults, *deliveries, *deliveries, *elsewhere]

    def _fault(self, kind: str) -> None:
        # For the app's key alone: whoever looks on is spared.
        calls, seconds = self.dice.randint(1, 3), self.dice.uniform(1, 7)
        self.desk.act("fault", kind=kind, calls=calls, seconds=seconds, key="secret")

    def _drop(self) -> None:
        self._mischief("drop", "drop_next", self.dice.randint(2, 8))

    def _duplicate(self) -> None:
        self._mischief("duplicate", "duplicate_next", self.dice.randint(2, 8))

    def _mischief(self, action: str, left: str, number: int) -> None:
        """For the ``number`` next deliveries, or as many as come in three seconds."""
        self.desk.act(action, next=number)
        threading.Event().wait(3)
        number -= self.desk.act("delay", seconds=0).get(left, 0)
        self.scene.counts.add(f"deliveries: {action}", number)

    def _delay(self) -> None:
        self.desk.act("delay", seconds=self.dice.uniform(1, 6))
        threading.Event().wait(2)
        self.desk.act("delay", seconds=0)
        self.scene.counts.add("deliveries: delay")

    def _hold(self) -> None:
        self.desk.act("hold")
        threading.Event().wait(self.dice.uniform(2, 5))
        order = self.dice.choice(("reverse", "shuffle"))
        released = self.desk.act("release", order=order).get("released", [])
        self.scene.counts.add("deliveries: reorder", len(released))

    # --- Elsewhere: the dashboard and the banks -----------------------------

    def _refund(self) -> None:
        self._to_one_of("charges", "refund", amount=100)

    def _fail_refund(self) -> None:
        self._to_one_of("refunds", "fail_refund")

    def _dispute(self) -> None:
        self._to_one_of("charges", "dispute")

    def _decide(self) -> None:
        status = self.dice.choice(("won", "lost"))
        self._to_one_of("disputes", "decide_dispute", status=status)

    def _to_one_of(self, kind: str, action: str, **given: Any) -> None:
        """Do it to the first of the newest, in random order, that it can be done to."""
        found = self.desk.latest(kind)
        for item in self.dice.sample(found, len(found)):
            if self.desk.act(action, id=item["id"], **given):
                self.scene.counts.add(f"elsewhere: {action}")
                return


def required() -> list[str]:
    """The kinds that have to happen, by their names in ``Counts``."""
    stripe = [f"stripe: {toxic.kind}" for toxic in STRIPE_TOXICS]
    postgres = [f"postgres: {toxic.kind}" for toxic in POSTGRES_TOXICS]
    front = [f"front: {toxic.kind}" for toxic in FRONT_TOXICS]
    killed = ("web", "web's child", "worker", "staff", "reconciler")
    deliveries = ("drop", "duplicate", "delay", "reorder")
    elsewhere = ("refund", "fail_refund", "dispute", "decide_dispute")
    return [
        *dict.fromkeys([*stripe, *postgres, f"postgres: {Kind.SEVER}", *front]),
        *(f"killed: {name}" for name in killed),
        *(f"api: {kind}" for kind in API_FAULTS),
        *(f"deliveries: {name}" for name in deliveries),
        *(f"elsewhere: {name}" for name in elsewhere),
    ]
