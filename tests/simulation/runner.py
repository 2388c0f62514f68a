"""A process that plays histories: what is made once for all of them."""

import os
import sys
from collections.abc import Iterator
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


def play(seed: str, numbers: list[int], plant: str = "") -> Iterator[Any]:
    """Play ``numbers`` of ``seed`` one after the other, in this process."""
    clock = set_up(plant)
    from tests.simulation import story

    for number in numbers:
        yield story.play(seed, number, clock)
