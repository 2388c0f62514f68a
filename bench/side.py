"""One side of a comparison: a process with an app that steps are measured in.

Runs with Django and the standard library alone, since another side may have an
environment of its own. Commands come in as lines of JSON and are answered the
same way, so that sides can take turns.
"""

import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from stripe_standin.webhooks.signatures import header

# The promise is about statements that look at data. BEGIN and COMMIT do not pass
# by here at all.
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")

Command = Callable[[Any], Any]
Step = Callable[[], Any]


class Tally:
    """Counts SQL statements and their seconds; Django calls it around each."""

    def __init__(self) -> None:
        self.statements, self.seconds = 0, 0.0

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.statements += not sql.startswith(CONTROL)
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            self.seconds += time.perf_counter() - began


def serve(**commands: Command) -> None:
    """Answer commands by their names until the input ends."""
    for line in sys.stdin:
        name, given = json.loads(line)
        print(json.dumps(commands[name](given)), flush=True)


def measured(prepare: Callable[[str], Step], items: Iterable[str]) -> dict[str, Any]:
    """Do one step for each item; what ``prepare`` does is not measured.

    Answers the seconds of each step, those of them spent on SQL (its commits
    left out), and the statements of all.
    """
    seconds, sql, statements = [], [], 0
    for item in items:
        step, tally = prepare(item), Tally()
        with connection.execute_wrapper(tally):
            began = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - began)
        sql.append(tally.seconds)
        statements += tally.statements
    return {"seconds": seconds, "sql": sql, "statements": statements}


def post(path: str, secret: str, body: str) -> Step:
    """The step of posting one delivery, signed as Stripe does."""
    raw = body.encode()
    return request(
        REQUEST_METHOD="POST",
        PATH_INFO=path,
        CONTENT_TYPE="application/json; charset=utf-8",
        CONTENT_LENGTH=str(len(raw)),
        HTTP_STRIPE_SIGNATURE=header(raw, [secret], int(time.time())),
        **{"wsgi.input": io.BytesIO(raw)},
    )


def request(**environ: Any) -> Step:
    """The step of asking the app, as a WSGI server does, until its answer is closed.

    No test client: its own work would be counted for both sides, and bring them
    nearer to each other. Raises unless answered 200.
    """
    setup_testing_defaults(environ)
    environ["REMOTE_ADDR"] = "127.0.0.1"
    return partial(_ask, environ)


# Made when it is first asked, which is after Django's set-up.
application = cache(WSGIHandler)


def _ask(environ: dict[str, Any]) -> None:
    statuses: list[str] = []
    response = application()(environ, lambda status, _headers: statuses.append(status))
    for _part in response:
        pass
    response.close()
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{environ['PATH_INFO']} answered {statuses}")
