"""One side of a comparison: a process with an app that deliveries are posted to.

Runs with Django and the standard library alone, since the other side has an
environment of its own. Commands come in as lines of JSON and are answered the
same way, so that two sides can take turns.
"""

import io
import json
import sys
import time
from collections.abc import Callable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from standin.signatures import header

# The promise is about statements that look at data. BEGIN and COMMIT do not pass
# by here at all.
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")

Command = Callable[[Any], Any]


class Tally:
    """Counts SQL statements; Django calls it around each of them."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        self.statements += not sql.startswith(CONTROL)
        return execute(sql, *rest)


def serve(path: str, secret: str, **more: Command) -> None:
    """Answer commands until the input ends.

    ``knock`` posts deliveries to ``path``, signed with ``secret``; ``more`` are
    a side's own commands.
    """
    application = WSGIHandler()

    def knock(bodies: list[str]) -> dict[str, Any]:
        """Post each body; answers seconds for each, and statements of all."""
        tally = Tally()
        with connection.execute_wrapper(tally):
            seconds = [_post(application, path, body, secret) for body in bodies]
        return {"seconds": seconds, "statements": tally.statements}

    commands: dict[str, Command] = {"knock": knock, **more}
    for line in sys.stdin:
        name, given = json.loads(line)
        print(json.dumps(commands[name](given)), flush=True)


def _post(application: Any, path: str, body: str, secret: str) -> float:
    """Seconds from the request's arrival at the app until its answer is closed.

    As a WSGI server does it: no test client, whose own work would be counted
    for both and bring them nearer to each other. Raises unless answered 200.
    """
    raw, statuses = body.encode(), []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json; charset=utf-8",
        "CONTENT_LENGTH": str(len(raw)),
        "HTTP_STRIPE_SIGNATURE": header(raw, [secret], int(time.time())),
        "wsgi.input": io.BytesIO(raw),
    }
    setup_testing_defaults(environ)
    began = time.perf_counter()
    response = application(environ, lambda status, _headers: statuses.append(status))
    for _part in response:
        pass
    response.close()
    seconds = time.perf_counter() - began
    if statuses != ["200 OK"]:
        raise RuntimeError(f"{path} answered {statuses}")
    return seconds
