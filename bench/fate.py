"""What the stand-in is made to do, and what it has to tell."""

from typing import Any
from urllib.parse import urlencode

from bench.ground import SECRET_KEY
from stripe_standin.protocol.http import Request
from stripe_standin.shell.server import Server
from stripe_standin.webhooks import events

# How long the stand-in takes over it, and a bit.
BOOKED_SECONDS = 1.1


def bodies(standin: Server, ids: list[str], types: list[str]) -> list[str]:
    """What Stripe would post about these intents, in the order it happened."""
    engine = standin.engine
    with standin.lock:
        told = [
            events.payload(engine, event, {"api_version": None}, 1).decode()
            for event in engine.store.newest("event")
            if event["type"] in types and intent_of(event) in ids
        ]
    assert len(told) == len(ids) * len(types)
    return told[::-1]


def intent_of(event: dict[str, Any]) -> str:
    held = event["data"]["object"]
    found: str = held.get("payment_intent") or held["id"]
    return found


def pay(standin: Server, stripe_id: str) -> None:
    """Confirm an intent with a card that pays, and let the charge be booked."""
    path = f"/v1/payment_intents/{stripe_id}/confirm"
    params = {
        "payment_method": "pm_card_visa",
        "return_url": "https://shop.example/",
    }
    headers = {
        "Authorization": f"Bearer {SECRET_KEY}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    request = Request("POST", path, "", headers, urlencode(params).encode())
    assert standin.answer(request).status == 200
    with standin.lock:
        standin.engine.clock.move(BOOKED_SECONDS)
        standin.engine.tick()
