"""Webhook endpoints: where events are sent.

Source: https://docs.stripe.com/api/webhook_endpoints.
"""

from urllib.parse import urlsplit

from ..protocol import errors, lists, metadata, versions
from ..protocol.call import Call
from ..world.store import Object
from ..world.world import World

KIND = "webhook_endpoint"
# https://docs.stripe.com/webhooks: at most sixteen endpoints per account.
MAX_ENDPOINTS = 16

CREATE = """
api_version:str connect:bool description:str~ enabled_events[]:str!
metadata:metadata~ url:str!
"""
UPDATE = """
description:str~ disabled:bool enabled_events[]:str metadata:metadata~ url:str
"""


def register(
    world: World, url: str, secret: str = "", events: tuple[str, ...] = ("*",)
) -> Object:
    """Make an endpoint with a known secret, as the command line does."""
    return world.store.put(
        {
            "id": world.ids.make("we_1"),
            "object": KIND,
            "api_version": None,
            "application": None,
            "created": world.now(),
            "description": None,
            "enabled_events": list(events),
            "livemode": False,
            "metadata": {},
            "status": "enabled",
            "url": url,
            "_secret": secret or world.ids.make("whsec_", 32),
        }
    )


def create(world: World, call: Call) -> Object:
    """Make one. Its secret is in this answer and in no other."""
    check_url(call.params["url"])
    check_events(call.params["enabled_events"])
    versions.read(call.get("api_version", ""))
    if sum(1 for _ in world.store.newest(KIND)) >= MAX_ENDPOINTS:
        message = f"You have reached the maximum of {MAX_ENDPOINTS} webhook endpoints."
        raise errors.invalid(message)
    made = register(world, call.params["url"], "", tuple(call.params["enabled_events"]))
    made["api_version"] = call.get("api_version")
    made["description"] = call.get("description")
    made["metadata"] = metadata.merge({}, call.get("metadata"))
    return {**made, "secret": made["_secret"]}


def retrieve(world: World, call: Call) -> Object:
    return find(world, call.id)


def list_(world: World, call: Call) -> Object:
    return lists.page(world, world.store.newest(KIND), call)


def update(world: World, call: Call) -> Object:
    endpoint = find(world, call.id)
    if "url" in call:
        check_url(call.params["url"])
        endpoint["url"] = call.params["url"]
    if "enabled_events" in call:
        check_events(call.params["enabled_events"])
        endpoint["enabled_events"] = call.params["enabled_events"]
    if "description" in call:
        endpoint["description"] = call.params["description"]
    if "metadata" in call:
        endpoint["metadata"] = metadata.merge(
            endpoint["metadata"], call.params["metadata"]
        )
    if "disabled" in call:
        switch(world, endpoint, on=not call.params["disabled"])
    return endpoint


def switch(world: World, endpoint: Object, *, on: bool) -> None:
    endpoint["status"] = "enabled" if on else "disabled"
    if not on:
        world.deliveries.stop(endpoint["id"])


def delete(world: World, call: Call) -> Object:
    endpoint = find(world, call.id)
    world.store.remove(endpoint)
    world.deliveries.stop(endpoint["id"])
    return {"id": endpoint["id"], "object": KIND, "deleted": True}


def find(world: World, id: str) -> Object:
    endpoint = world.store.get(KIND, id)
    if endpoint is None:
        raise errors.absent("webhook endpoint", id, "webhook_endpoint")
    return endpoint


def listeners(world: World, event_type: str) -> list[Object]:
    """Enabled endpoints that asked for ``event_type``, oldest first."""
    return [
        endpoint
        for endpoint in reversed(list(world.store.newest(KIND)))
        if endpoint["status"] == "enabled"
        and {"*", event_type} & set(endpoint["enabled_events"])
    ]


def check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise errors.invalid("Invalid URL: " + url, "url", code="url_invalid")


def check_events(names: list[str]) -> None:
    if not names:
        raise errors.empty("enabled_events")
