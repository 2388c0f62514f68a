"""Our webhook endpoint against dj-stripe's: the same deliveries, turn by turn.

Each side is a process with a database of its own on the same PostgreSQL, and
asks the same stand-in. For each order come the four events that Stripe has for a
card that pays: that its intent was made, while it is open; then that it was
charged, and paid; and that the charge was booked. Afterwards all four come again,
since Stripe may send an event twice.
"""

import statistics
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain

from bench.fate import bodies, pay
from bench.figure import Figure
from bench.turns import ROOT, Side, side
from stripe_standin.shell.server import Server

ENVIRONMENT = ROOT / "build/djstripe"
REQUIREMENTS = ROOT / "bench/djstripe/requirements.txt"

# The first rounds only warm both sides up: nobody restarts before each webhook.
WARM = 10
# Many short turns: what else the machine does then meets both alike.
ROUNDS = WARM + 60
ORDERS = 5
MADE = ["payment_intent.created"]
PAID = ["charge.succeeded", "payment_intent.succeeded", "charge.updated"]


@dataclass
class Mix:
    """What one side needed for some deliveries: seconds, in a list for each round."""

    rounds: list[list[float]] = field(default_factory=list)
    statements: int = 0
    calls: int = 0

    @property
    def rates(self) -> list[float]:
        """Webhooks in a second, for each round."""
        return [len(seconds) / sum(seconds) for seconds in self.rounds]


class Taker:
    """A side that takes deliveries, and what it needed for them."""

    def __init__(self, side: Side) -> None:
        self.side, self.once, self.twice = side, Mix(), Mix()

    def begin(self, number: int) -> None:
        """Begin a round; what came before the first that counts is forgotten."""
        if number == WARM:
            self.once, self.twice = Mix(), Mix()
        self.once.rounds.append([])
        self.twice.rounds.append([])

    def knock(self, posts: list[str], *mixes: Mix) -> None:
        """Post all, and book what that needed in each of ``mixes``."""
        done, calls = self.side.counted("knock", posts)
        for mix in mixes:
            mix.rounds[-1].extend(done["seconds"])
            mix.statements += done["statements"]
            mix.calls += calls


def measure(standin: Server) -> Iterator[Figure]:
    """Webhooks in a second, and what each costs, for both sides."""
    python = other_python()
    with ExitStack() as stack:
        ours = Taker(stack.enter_context(side("ours", sys.executable, standin)))
        theirs = Taker(stack.enter_context(side("djstripe", python, standin)))
        for number in range(ROUNDS):
            play(number, ours, theirs)
        for each in (ours, theirs):
            # Who is quick because nothing was done has won nothing.
            assert each.side.say("paid") == ROUNDS * ORDERS
    yield from compared("each once", ours.once, theirs.once)
    yield from compared("each twice", ours.twice, theirs.twice)


def play(number: int, ours: Taker, theirs: Taker) -> None:
    """One round: the same new orders for both, who take turns at each step."""
    turn = [ours, theirs] if number % 2 else [theirs, ours]
    standin, ids = ours.side.standin, ours.side.say("begin", ORDERS)
    made = bodies(standin, ids, MADE)
    for each in turn:
        each.begin(number)
        each.knock(made, each.once, each.twice)
    for stripe_id in ids:
        pay(standin, stripe_id)
    paid = bodies(standin, ids, PAID)
    for each in turn:
        each.knock(paid, each.once, each.twice)
    for each in turn:
        each.knock(made + paid, each.twice)


def compared(which: str, ours: Mix, theirs: Mix) -> Iterator[Figure]:
    """Each side's figures, and then the promise between them."""
    for name, mix in (("ours", ours), ("dj-stripe", theirs)):
        title = f"  {name}, {which}:"
        ordered = sorted(chain.from_iterable(mix.rounds))
        count, ms = len(ordered), [seconds * 1000 for seconds in ordered]
        yield Figure(f"{title} median rate", statistics.median(mix.rates), "webhooks/s")
        yield Figure(f"{title} p50", ms[count // 2], "ms")
        yield Figure(f"{title} p99", ms[count * 99 // 100], "ms")
        yield Figure(f"{title} SQL", mix.statements / count, "statements/webhook")
        yield Figure(f"{title} Stripe", mix.calls / count, "calls/webhook")
    pairs = zip(ours.rates, theirs.rates, strict=True)
    ratio = statistics.median(mine / other for mine, other in pairs)
    yield Figure(f"Webhooks/s, ours / dj-stripe's, {which}", ratio, "times", floor=5)


def other_python() -> str:
    """The Python of an environment that holds dj-stripe; made where it is not."""
    python, stamp = ENVIRONMENT / "bin/python", ENVIRONMENT / "installed.txt"
    if not stamp.exists() or stamp.read_text() != REQUIREMENTS.read_text():
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        install = ["pip", "install", "-qq", "--disable-pip-version-check"]
        install += ["--require-hashes", "-r", str(REQUIREMENTS)]
        subprocess.run([str(python), "-m", *install], check=True)
        stamp.write_text(REQUIREMENTS.read_text())
    return str(python)
