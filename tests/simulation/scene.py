"""One small world: a database, a Stripe, some browsers, and trouble."""

import contextvars
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.urls import reverse

from htmx_checkout.webhooks import refusals
from stripe_standin.engine.engine import Engine
from stripe_standin.protocol.http import Request, Response
from stripe_standin.world.ids import Ids
from stripe_standin.world.world import Pace
from tests.simulation import host, logs, profiles, rows
from tests.simulation.browsers import Browser
from tests.simulation.chance import dice, seed
from tests.simulation.clock import Clock
from tests.simulation.fate import Fate, Killed
from tests.simulation.tally import Tally
from tests.simulation.wire import Wire

WEBHOOK = "http://testserver/checkout/webhook/"
HOUR = 3600.0
DAY = 24 * HOUR


class Violation(Exception):
    """Something is wrong that must never be; the text says what."""


class Idle(Exception):
    """There is nothing of the kind to do just now."""


class Scene:
    """What a history is played in. ``trace`` tells it, a line for each step."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name, self.clock, self.tally = name, clock, Tally()
        self.dice: Random = dice(name, "profile")
        self.profile = profiles.draw(self.dice)
        self.trace: list[str] = []
        self.depth, self.healed, self.struck = 0, False, False
        # What is being done: the innermost last.
        self.doing: list[Callable[[Scene], str]] = []
        self.mails: list[str] = []
        # Intents whose client secret a browser was given, and what it agreed to pay.
        self.handed: set[str] = set()
        self.agreed: dict[str, tuple[int, str]] = {}
        # Intents that somebody has changed at Stripe; since when each is known as paid.
        self.edited: set[str] = set()
        self.paid_since: dict[str, float] = {}
        self.skew_since = 0.0
        # What ``safety`` saw the last time.
        self.statuses: dict[tuple[str, int], str] = {}
        self.moves: list[Any] = []
        self.ends: dict[tuple[str, int], str] = {}
        self.events_seen: set[str] = set()
        self.mind: Any = None
        self._set()

    def _set(self) -> None:
        """Empty everything that outlives a history, and put this one in its place."""
        seed(self.name)
        self.clock.begin(self.profile.skew)
        if self.profile.skew:
            self.tally["clock: the app's is wrong"] += 1
        pace = Pace(bank_debit=40 * HOUR, slow_bank_debit=50 * HOUR, refund=30 * HOUR)
        ids = Ids(self.name)
        self.engine = Engine(clock=self.clock.stripe, ids=ids, pace=pace)
        self.secret: str = settings.CHECKOUT["WEBHOOK_SECRETS"][0]
        self.engine.register(WEBHOOK, self.secret)
        self.fate = Fate(self, self.profile.dies, self.profile.overtaken)
        self.wire = Wire(self, self.profile.line)
        cache.clear()
        # What a process counts in memory, and a new one has not counted yet.
        refusals.buffer.clear()
        rows.refuses = rows.forgets = None
        rows.empty()
        logs.KEPT.clear()
        host.scene = self
        given = profiles.settings(self.profile, settings.CHECKOUT)
        self.settings = override_settings(CHECKOUT=given)
        self.settings.enable()
        rows.refuses, rows.forgets = self._refuses, self._forgets
        self.stripes_client = Client()
        self.browsers = [Browser(self, number) for number in range(2)]

    def close(self) -> None:
        """Leave nothing behind that the next history could stumble over."""
        rows.refuses = rows.forgets = None
        self.settings.disable()
        for kind, count in self.engine.faults.struck.items():
            self.tally[f"struck: {kind}"] += count

    # --- Chance ---------------------------------------------------------------

    def strikes(self, name: str, chance: float) -> bool:
        """True if trouble of this ``chance`` comes now; counts it under ``name``."""
        if self.healed or not chance or self.dice.random() >= chance:
            return False
        if name:
            self.tally[name] += 1
        return True

    def _refuses(self) -> bool:
        refused = bool(self.depth) and self.strikes(
            "database: refuses", self.profile.refuses
        )
        self.struck |= refused
        return refused

    def _forgets(self) -> bool:
        forgot = bool(self.depth) and self.strikes(
            "database: commit of unknown outcome", self.profile.forgets
        )
        self.struck |= forgot
        if forgot:
            self.note("[commit of unknown outcome]")
        return forgot

    # --- What happens ---------------------------------------------------------

    def note(self, text: str) -> None:
        """Tell something in the trace, under the step that is being played."""
        self.trace.append("    " * self.depth + text)

    def play(self, name: str, do: Callable[["Scene"], str]) -> str:
        """Do one thing in a process of its own, which may die over it.

        Raises ``Idle`` if there is nothing of the kind to do, and ``Violation`` for
        an error that nobody has caught.
        """
        place = len(self.trace)
        self.note("")
        self.depth += 1
        self.doing.append(do)
        struck, self.struck = self.struck, False
        try:
            outcome = contextvars.Context().run(do, self)
        except Killed as death:
            outcome = f"dies: {death}"
        except (Idle, Violation):
            if len(self.trace) == place + 1:
                del self.trace[place]
            raise
        except OperationalError as error:
            if not self.struck:
                raise Violation(f"{name}: {error!r}") from error
            outcome = "the database is in trouble"
        except Exception as error:
            raise Violation(f"{name}: {type(error).__name__}: {error}") from error
        finally:
            self.depth -= 1
            self.doing.pop()
            self.struck |= struck
        if connection.in_atomic_block and not self.depth:
            raise Violation(f"{name}: a transaction is left open")
        self.trace[place] = "    " * self.depth + f"{name}: {outcome}"
        return outcome

    def overtake(self) -> None:
        """Let something else happen, in the middle of what is happening."""
        self.mind.one(self, beside=True)

    # --- Who is there ---------------------------------------------------------

    def stripe(self, method: str, path: str, key: str = "", **params: Any) -> Response:
        """Ask Stripe as somebody else than the app: a browser, or the dashboard."""
        key = key or settings.CHECKOUT["SECRET_KEY"]
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(params)
        query, sent = (body, b"") if method == "GET" else ("", body.encode())
        return self.engine.handle(Request(method, path, query, headers, sent))

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """Stripe's own objects of one kind, oldest first, past its API."""
        return list(self.engine.store.by_kind.get(kind, {}).values())

    def one_of(self, found: Any) -> Any:
        """One of ``found``, by the dice. Raises ``Idle`` if there is none."""
        found = list(found)
        if not found:
            raise Idle
        return self.dice.choice(found)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"htmx_checkout:{name}", args=args)
