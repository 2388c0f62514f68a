"""A process that plays histories: what is made once for all of them."""

import gc
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def set_up(plant: str = "") -> Any:
    """Make this process one that plays; returns its clock. Once for a process."""
    for folder in (ROOT, ROOT / "site"):
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
    host.connect()
    _take_the_edges()
    if plant:
        plants.PLANTS[plant]()
    return Clock()


def _take_the_edges() -> None:
    """Let all HTTP of this process, and all stops of the app, come to the scene."""
    from requests.adapters import HTTPAdapter

    from checkout import stops
    from tests.simulation import host

    def send(self: HTTPAdapter, request: Any, **kwargs: Any) -> Any:
        return host.scene.wire.send(self, request, kwargs["timeout"])

    HTTPAdapter.send = send
    stops.watchers.append(lambda stop: host.scene.fate.reach(stop))


# One for a process of the pool, made with its first histories.
_clock: Any = None


def play(seed: str, numbers: list[int], plant: str = "") -> tuple[int, Any, list[Any]]:
    """Play ``numbers`` of ``seed``; returns how many, their tally, and what was wrong.

    The first that is wrong is shrunk, and the last that is played.
    """
    global _clock
    _clock = _clock or set_up(plant)
    from tests.simulation import shrink, story, tally

    total, played = tally.Tally(), 0
    for number in numbers:
        told = story.play(seed, number, _clock)
        played += 1
        total.update(told.tally)
        if told.wrong:
            return played, total, [shrink.shrink(told, _clock)]
    return played, total, []
