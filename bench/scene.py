"""A stand-in, a test database, and an app that believes in both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import override_settings

from htmx_checkout import Draft, Line
from stripe_standin.shell.server import Server, serve


@contextmanager
def scene() -> Iterator[Server]:
    """Set all up for one room of the bench, and take it down again."""
    settings.ALLOWED_HOSTS = ["*"]
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        with serve(port=0) as standin, override_settings(CHECKOUT=_checkout(standin)):
            yield standin
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _checkout(standin: Server) -> dict[str, Any]:
    return settings.CHECKOUT | {
        "API_BASE": standin.base_url,
        "SCRIPT_URL": f"{standin.base_url}/endive/stripe.js",
        "ORDER_SOURCE": "bench.scene.lines",
        "LINE_CONTROLS": "",
    }


def lines(request: Any) -> Draft:
    """As many lines as the session says; an order source."""
    count = request.session.get("lines", 1)
    facts = {"amount": 100, "note": "Moss, A5", "image": "/static/shop/notebook.svg"}
    made = tuple(Line(name=f"Thing {n}", **facts) for n in range(count))
    return Draft(currency="gbp", lines=made)
