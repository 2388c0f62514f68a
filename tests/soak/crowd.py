"""All shoppers at once, a thread each, one story after the other."""

import threading
import traceback
from random import Random

import requests

from .browser import Browser, Cut, StoryOver
from .counts import Counts
from .stories import STORIES, Shopper
from .stripe import Standin


class Crowd:
    """``size`` shoppers who come to ``origin`` until they are sent home."""

    def __init__(
        self, origin: str, standin: tuple[str, str], counts: Counts, seed: str
    ) -> None:
        self.origin, self.standin, self.counts, self.seed = (
            origin,
            standin,
            counts,
            seed,
        )
        self.stopping = threading.Event()
        self.threads: list[threading.Thread] = []

    def start(self, size: int) -> None:
        for number in range(size):
            dice = Random(f"{self.seed} shopper {number}")
            thread = threading.Thread(target=self._shop, args=[dice], daemon=True)
            thread.start()
            self.threads.append(thread)

    def send_home(self) -> None:
        """Each shopper stops at the next step."""
        self.stopping.set()

    def join(self, seconds: float) -> None:
        for thread in self.threads:
            thread.join(seconds)

    def _shop(self, dice: Random) -> None:
        standin = Standin(*self.standin)
        shopper = None
        while not self.stopping.is_set():
            if shopper is None or dice.random() < 0.6:
                browser = Browser(self.origin, dice, self.stopping.is_set)
                shopper = Shopper(browser, standin, self.counts, dice)
            name = dice.choice(list(STORIES))
            try:
                STORIES[name](shopper)
                self.counts.add(f"story: {name}")
            except StoryOver as end:
                self.counts.add(f"gave up: {end}")
            except (Cut, requests.RequestException) as error:
                self.counts.add(f"gave up: {type(error).__name__}")
            except Exception:
                # A mistake of the soak's own must not pass for a quiet shop.
                self.counts.violate(f"A shopper stumbled: {traceback.format_exc()}")
