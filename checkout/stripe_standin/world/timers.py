"""Timers: names of actions, and when the clock makes them due."""

import heapq
from dataclasses import dataclass, field


@dataclass(order=True, slots=True)
class Timer:
    due: float
    order: int
    name: str = field(compare=False)
    id: str = field(compare=False)


class Timers:
    """A queue of named actions on objects, by due time, then in order of entry."""

    def __init__(self) -> None:
        self.queue: list[Timer] = []
        self.entered = 0

    def add(self, due: float, name: str, id: str) -> None:
        self.entered += 1
        heapq.heappush(self.queue, Timer(due, self.entered, name, id))

    def pop(self, now: float) -> Timer | None:
        """The next deed that is due at ``now``, taken off the queue."""
        if self.queue and self.queue[0].due <= now:
            return heapq.heappop(self.queue)
        return None

    def next_due(self) -> float | None:
        return self.queue[0].due if self.queue else None
