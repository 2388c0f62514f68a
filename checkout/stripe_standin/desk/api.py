"""The desk's JSON API: look at everything, act as the bank, make trouble.

``GET  /desk/api/state``            all objects, events, deliveries, calls, settings
``GET  /desk/api/calls``            the call log; ``?method=&path=&key=`` filter it
``GET  /desk/api/objects/<id>``     one object, with its events
``POST /desk/api/<action>``         JSON in, JSON out; see ``actions.py``

Only for this machine: the Host must be a loopback name, so that no foreign
site can reach it by a name of its own that points here, and a browser must
be on the stand-in's own pages.
"""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..engine.api_world import ApiWorld
from ..protocol.http import Request, Response
from ..world import store
from ..world.world import World
from . import actions, trouble

LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))


def handle(world: ApiWorld, request: Request) -> Response:
    """Answer one desk request: 200, 400, 403, 404 or 405, always JSON."""
    if not allowed(request):
        return refuse(403, "The desk answers only its own pages on this machine.")
    path = request.path.removeprefix("/desk/api/").strip("/")
    if request.method == "GET":
        return look(world, path, request.query)
    if request.method != "POST":
        return refuse(405, "The desk takes GET and POST.")
    try:
        given = json.loads(request.body or b"{}")
        if not isinstance(given, dict):
            raise ValueError("The body must be a JSON object.")
        return Response.of_json(actions.act(world, path, given))
    except LookupError as error:
        return refuse(404, str(error.args[0]) if error.args else "Not found.")
    except (ValueError, TypeError) as error:
        return refuse(400, str(error))


def allowed(request: Request) -> bool:
    host = urlsplit("//" + request.header("host", "127.0.0.1")).hostname
    origin = request.header("origin")
    if host not in LOOPBACK:
        return False
    return not origin or origin == "http://" + request.header("host")


def refuse(status: int, message: str) -> Response:
    return Response.of_json({"error": {"message": message}}, status)


def look(world: ApiWorld, path: str, query: str) -> Response:
    if path == "state":
        return Response.of_json(state(world))
    if path == "calls":
        return Response.of_json(calls(world, query))
    kind, _, id = path.partition("/")
    item = world.store.find(id) if kind == "objects" else None
    if item is None:
        return refuse(404, f"There is nothing at {path}.")
    shown = store.public(item)
    return Response.of_json({"object": shown, "events": history(world, id)})


def state(world: ApiWorld) -> dict[str, Any]:
    kinds = {
        kind: [store.public(item) for item in world.store.newest(kind)]
        for kind in sorted(world.store.by_kind)
    }
    return {
        "now": world.clock.now(),
        "offset_seconds": world.clock.offset_seconds,
        "base_url": world.base_url,
        "api_version": world.api_version,
        "objects": kinds,
        "deliveries": [item.as_dict() for item in world.deliveries.by_id.values()],
        "mischief": trouble.mischief(world),
        "faults": world.faults.as_dict(),
        "calls": world.calls.as_list(),
    }


def calls(world: ApiWorld, query: str) -> dict[str, Any]:
    """The log, oldest first; ``path`` is a prefix."""
    wanted = {name: values[-1] for name, values in parse_qs(query).items()}
    found = [
        entry
        for entry in world.calls.as_list()
        if entry["path"].startswith(wanted.get("path", ""))
        and entry["method"] == wanted.get("method", entry["method"])
        and entry["key"] == wanted.get("key", entry["key"])
    ]
    return {"calls": found, "count": len(found)}


def history(world: World, id: str) -> list[dict[str, Any]]:
    """The events about ``id``, newest first."""
    return [
        store.public(event)
        for event in world.store.newest("event")
        if event["data"]["object"].get("id") == id
    ]
