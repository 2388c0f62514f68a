"""Events: what happened, with a picture of the object as it was then.

Source: https://docs.stripe.com/api/events. Kept for 30 days.
"""

import json
from typing import Any

from ..protocol import errors, lists, rendering
from ..protocol.call import Call
from ..protocol.http import Request
from ..protocol.versions import Version
from ..world.deliveries import Delivery
from ..world.store import Object, public
from ..world.world import World
from . import webhook_endpoints
from .signatures import header

KIND = "event"
KEPT_SECONDS = 30 * 24 * 3600
MAX_TYPES = 20

LIST = lists.PAGE + "created:range delivery_success:bool type:str types[]:str"


def emit(
    world: World, type: str, item: Object, previous: dict[str, Any] | None = None
) -> Object:
    """Note that ``type`` happened to ``item`` and queue its deliveries.

    ``previous`` are the old values, on ``*.updated`` events. An event that no
    API call caused names no request.
    """
    data: dict[str, Any] = {"object": public(item)}
    if previous:
        data["previous_attributes"] = public(previous)
    cause = world.current
    event = {
        "id": world.ids.make("evt_3"),
        "object": KIND,
        "api_version": world.api_version,
        "created": world.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {
            "id": cause.request_id if cause else None,
            "idempotency_key": (cause.idempotency_key or None) if cause else None,
        },
        "type": type,
    }
    world.store.put(event)
    send(world, event)
    for observe in world.observers:
        observe(world, type, item)
    return event


def send(world: World, event: Object) -> None:
    listening = webhook_endpoints.listeners(world, event["type"])
    for endpoint in listening:
        delivery = Delivery(
            id=world.ids.make("whd_"),
            event=event["id"],
            event_type=event["type"],
            endpoint=endpoint["id"],
            url=endpoint["url"],
            payload=payload(world, event, endpoint, len(listening)),
            due=world.clock.now(),
        )
        world.deliveries.add(delivery, twin_id=world.ids.make("whd_"))


def payload(world: World, event: Object, endpoint: Object, pending: int) -> bytes:
    """The body, in the version that the endpoint was made with."""
    name = endpoint["api_version"] or world.api_version
    shown = rendering.event(world, event, Version(name))
    shown |= {"api_version": name, "pending_webhooks": pending}
    return json.dumps(shown, indent=2, ensure_ascii=False).encode()


def resend(world: World, event: Object, endpoint: Object) -> Delivery:
    """Send once more by hand, whatever became of the first."""
    delivery = Delivery(
        id=world.ids.make("whd_"),
        event=event["id"],
        event_type=event["type"],
        endpoint=endpoint["id"],
        url=endpoint["url"],
        payload=payload(world, event, endpoint, pending(world, event)),
        due=world.clock.now(),
        manual=True,
    )
    world.deliveries.enter(delivery)
    return delivery


def post(world: World, delivery: Delivery) -> Request:
    """The request to make for ``delivery``, freshly signed.

    ``path`` is the whole URL. Marks the delivery as being sent.
    """
    endpoint = world.store.get(webhook_endpoints.KIND, delivery.endpoint)
    secrets = [endpoint["_secret"]] if endpoint else []
    delivery.status = "sending"
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Accept": "*/*; q=0.5, application/xml",
        "Stripe-Signature": header(delivery.payload, secrets, world.now()),
    }
    return Request("POST", delivery.url, headers=headers, body=delivery.payload)


def pending(world: World, event: Object) -> int:
    """How many endpoints still wait for ``event``."""
    return len(undelivered(world, event))


def undelivered(world: World, event: Object) -> set[str]:
    """Endpoints that have not had ``event`` yet, by id."""
    sent = world.deliveries.of_event(event["id"])
    had = {delivery.endpoint for delivery in sent if delivery.status == "delivered"}
    return {delivery.endpoint for delivery in sent} - had


def retrieve(world: World, call: Call) -> Object:
    event = world.store.get(KIND, call.id)
    if event is None or not kept(world, event):
        raise errors.absent("event", call.id)
    return counted(world, event)


def kept(world: World, event: Object) -> bool:
    made: int = event["created"]
    return world.now() - made <= KEPT_SECONDS


def counted(world: World, event: Object) -> Object:
    return {**event, "pending_webhooks": pending(world, event)}


def list_(world: World, call: Call) -> Object:
    """Newest first, by ``type`` or up to twenty ``types``."""
    if "type" in call and "types" in call:
        raise errors.exclusive(["type", "types"])
    if len(call.get("types", [])) > MAX_TYPES:
        message = f"You may only pass up to {MAX_TYPES} types."
        raise errors.invalid(message, "types")
    wanted = call.get("types") or ([call.params["type"]] if "type" in call else [])
    found = [
        event
        for event in world.store.newest(KIND)
        if kept(world, event)
        and matches(event["type"], wanted)
        and ("delivery_success" not in call or succeeded(world, event, call))
    ]
    page = lists.page(world, found, call)
    page["data"] = [counted(world, event) for event in page["data"]]
    return page


def matches(type: str, wanted: list[str]) -> bool:
    """``charge.*`` stands for every type that begins so."""
    return not wanted or any(
        type == name or (name.endswith("*") and type.startswith(name[:-1]))
        for name in wanted
    )


def succeeded(world: World, event: Object, call: Call) -> bool:
    wanted: bool = call.params["delivery_success"]
    return (pending(world, event) == 0) == wanted
