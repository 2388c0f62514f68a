"""Several things at the same moment, each in a thread."""

import threading
from collections.abc import Callable
from contextlib import suppress

from .browser import Browser, Cut, StoryOver, Till


def continue_in(tabs: list[Browser], email: str) -> list[Till]:
    """Press "Continue" in all tabs at once; returns what was answered."""
    found: list[Till | str] = []

    def press(tab: Browser) -> None:
        with suppress(Cut, StoryOver):
            found.append(tab.open_till(email))

    together([lambda tab=tab: press(tab) for tab in tabs])
    return [till for till in found if isinstance(till, Till)]


def together(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
