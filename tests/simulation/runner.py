"""A process that plays histories: what is made once for all of them."""

import atexit
import gc
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def set_up(plant: str = "") -> Any:
    """Make this process one that plays; returns its clock. Once for a process."""
    for folder in (ROOT, ROOT / "checkout", ROOT / "site"):
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.simulation.settings"
    import django

    django.setup()
    from tests.simulation import host, plants, rows
    from tests.simulation.clock import Clock

    # What is made from here on is dropped with its history; the rest stays for ever.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    rows.open_()
    atexit.register(rows.close)
    host.connect()
    _take_the_edges()
    if plant:
        plants.PLANTS[plant]()
    return Clock()


def _take_the_edges() -> None:
    """Let all HTTP of this process, and all stops of the app, come to the scene."""
    from requests.adapters import HTTPAdapter

    from htmx_checkout.core import failpoints
    from tests.simulation import host

    def send(self: HTTPAdapter, request: Any, **kwargs: Any) -> Any:
        return host.scene.wire.send(self, request, kwargs["timeout"])

    def watch(stop: failpoints.Failpoint) -> None:
        host.scene.fate.reach(stop)

    HTTPAdapter.send = send
    failpoints.watchers.append(watch)


@cache
def _ready(plant: str) -> Any:
    """A process of the pool is set up with its first histories."""
    return set_up(plant)


def play(seed: str, numbers: list[int], plant: str = "") -> tuple[int, Any, list[Any]]:
    """Play ``numbers`` of ``seed``; returns how many, their tally, and what was wrong.

    The first that is wrong is shrunk, and the last that is played.
    """
    clock = _ready(plant)
    from tests.simulation import shrink, story, tally

    total, played = tally.Tally(), 0
    for number in numbers:
        told = story.play(seed, number, clock)
        played += 1
        total.update(told.tally)
        if told.wrong:
            return played, total, [shrink.shrink(told, clock)]
    return played, total, []
