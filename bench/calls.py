"""How many calls to Stripe and how many SQL statements an answer costs."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figure import Figure
from stripe_standin.shell.server import Server
from tests.support.cast import open_payment

# The promise is about statements that look at data.
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def measure(standin: Server) -> Iterator[Figure]:
    """The page, and the partial when it creates, retrieves and updates."""
    for count in (1, 50):
        ada = _with_lines(Client(), count)
        yield from _cost(f"page, {count} lines", 0, standin, _page, ada)
        yield from _cost(f"partial, {count} lines", 1, standin, open_payment, ada)
        yield from _cost(f"page again, {count} lines", 0, standin, _page, ada)
        yield from _cost(f"partial again, {count} lines", 1, standin, open_payment, ada)
        _with_lines(ada, count + 1)
        yield from _cost(f"partial, {count} + 1 lines", 1, standin, open_payment, ada)


def _cost(
    name: str, calls: int, standin: Server, step: Callable[[Client], Any], ada: Client
) -> Iterator[Figure]:
    with standin.lock:
        standin.engine.calls.entries.clear()
    with CaptureQueriesContext(connection) as queries:
        step(ada)
    sql = [q for q in queries if not q["sql"].startswith(CONTROL)]
    made = len(standin.engine.calls.as_list())
    yield Figure(f"{name}: calls to Stripe", made, "calls", calls)
    yield Figure(f"{name}: SQL", len(sql), "statements", 8)


def _page(client: Client) -> None:
    client.get("/checkout/")


def _with_lines(client: Client, count: int) -> Client:
    session = client.session
    session["lines"] = count
    session.save()
    return client
