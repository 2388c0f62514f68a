"""A shop of a million orders against one of a thousand: the same steps, turn by turn.

Each shop is a process with a database of its own on the same PostgreSQL. New
orders are made in both, paid at the stand-in, and then settled: by ``settle``
itself, by a webhook, or by a look at the status page.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench.fate import bodies, pay
from bench.figure import Figure
from bench.turns import Side, side
from stripe_standin.shell.server import Server

FEW, MANY = 1_000, 1_000_000
# The first rounds only warm both up.
WARM = 10
# Many short turns: what else the machine does then meets both alike.
ROUNDS = WARM + 60
ORDERS = 5
STEPS = ("settle", "knock", "status", "again")
TITLES = {
    "settle": "settle",
    "knock": "webhook",
    "status": "status page, first look",
    "again": "status page, paid",
}
PAID = ["payment_intent.succeeded"]

# For each step, a list of seconds for each round.
Rounds = dict[str, list[list[float]]]


class Shop:
    """A side with so many orders, and the seconds of its steps."""

    def __init__(self, side: Side, orders: int) -> None:
        self.side, self.orders, self.done = side, orders, 0
        self.all: Rounds = {name: [] for name in STEPS}
        self.sql: Rounds = {name: [] for name in STEPS}

    def play(self) -> None:
        """One round: as many new orders for each of three ways to settle."""
        given = [self.paid(), self.paid(), self.paid()]
        given[1] = bodies(self.side.standin, given[1], PAID)
        for name, items in zip(STEPS, [*given, given[2]], strict=True):
            done = self.side.say(name.replace("again", "status"), items)
            self.all[name].append(done["seconds"])
            self.sql[name].append(done["sql"])

    def paid(self) -> list[str]:
        """New orders that are paid at the stand-in, by their intents."""
        ids: list[str] = self.side.say("begin", ORDERS)
        for stripe_id in ids:
            pay(self.side.standin, stripe_id)
        return ids

    def scans(self) -> list[str]:
        """Statements of these steps that read a whole big table."""
        found: list[str] = []
        for name in ("settle", "knock", "status"):
            ids = self.paid()[:3]
            if name == "knock":
                ids = bodies(self.side.standin, ids, PAID)
            found += self.side.say(f"{name}_scans", ids)
        return found


def measure(standin: Server) -> Iterator[Figure]:
    """How long each step takes in both, and the ratio between them."""
    with ExitStack() as stack:
        shops = [
            Shop(stack.enter_context(side(name, sys.executable, standin, "ours")), size)
            for name, size in (("few", FEW), ("many", MANY))
        ]
        for shop in shops:
            began = time.monotonic()
            shop.side.say("fill", shop.orders)
            shop.done = shop.side.say("paid")
            took = time.monotonic() - began
            yield Figure(f"  a shop with {shop.orders:,} orders, made in", took, "s")
        for number in range(ROUNDS):
            for shop in shops if number % 2 else reversed(shops):
                shop.play()
        for shop in shops:
            assert shop.side.say("paid") == shop.done + 3 * ORDERS * ROUNDS
        found = shops[-1].scans()
    yield from compared(*shops)
    for statement in found:
        print(statement)
    yield Figure("Statements that read a big table whole", len(found), "statements", 0)


def compared(few: Shop, many: Shop) -> Iterator[Figure]:
    """Both shops' times for each step, and then the promise between them."""
    for name, title in TITLES.items():
        for shop in (few, many):
            ms = sorted(1000 * s for part in shop.all[name][WARM:] for s in part)
            size, count = f"  {title}, {shop.orders:,} orders", len(ms)
            yield Figure(f"{size}: p50", ms[count // 2], "ms")
            yield Figure(f"{size}: p99", ms[count * 99 // 100], "ms")
        sql = ratio(few.sql[name], many.sql[name])
        yield Figure(f"  {title}, many / few, SQL alone", sql, "times")
        whole = ratio(few.all[name], many.all[name])
        yield Figure(f"{title}, many / few", whole, "times", 1.2)


def ratio(few: list[list[float]], many: list[list[float]]) -> float:
    """The median over the rounds of the ratio of their medians."""
    pairs = zip(few[WARM:], many[WARM:], strict=True)
    return statistics.median(
        statistics.median(more) / statistics.median(less) for less, more in pairs
    )
