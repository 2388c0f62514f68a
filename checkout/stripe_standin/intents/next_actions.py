"""Next actions: a 3D Secure challenge, or a visit to a bank's page, that an
intent waits for. Their ids cannot be guessed."""

from typing import Any

from ..protocol import errors
from ..world.store import Object
from ..world.world import World

CHALLENGE = "challenge"
BANK = "bank_redirect"


def open_challenge(
    world: World,
    intent: Object,
    method: Object,
    *,
    use_sdk: bool,
    return_url: str | None,
) -> dict[str, Any]:
    """The ``next_action`` for 3D Secure: in the page, or by redirect."""
    item = record(world, CHALLENGE, "3ds_", intent, method, return_url)
    url = f"{world.base_url}/challenge/{item['id']}"
    if use_sdk:
        private = {
            "type": "three_d_secure_redirect",
            "stripe_js": url,
            "source": item["id"],
        }
        return {"type": "use_stripe_sdk", "use_stripe_sdk": private}
    return redirect_to(url + "?redirect=1", return_url)


def open_bank(
    world: World, intent: Object, method: Object, return_url: str | None
) -> dict[str, Any]:
    """The ``next_action`` that leads to the bank's page."""
    item = record(world, BANK, "bank_", intent, method, return_url)
    return redirect_to(f"{world.base_url}/bank/{item['id']}", return_url)


def redirect_to(url: str, return_url: str | None) -> dict[str, Any]:
    where = {"return_url": return_url, "url": url}
    return {"type": "redirect_to_url", "redirect_to_url": where}


def record(
    world: World,
    kind: str,
    prefix: str,
    intent: Object,
    method: Object,
    return_url: str | None,
) -> Object:
    item = world.store.put(
        {
            "id": world.ids.make(prefix, 32),
            "object": kind,
            "created": world.now(),
            "intent": intent["id"],
            "payment_method": method["id"],
            "return_url": return_url,
            "status": "open",
            "type": method["type"],
        }
    )
    intent.setdefault("_asked", []).append(item["id"])
    return item


def find(world: World, kind: str, id: str) -> Object:
    """Raises ``ApiError`` 404 when there is none such."""
    item = world.store.get(kind, id)
    if item is None:
        raise errors.absent(kind, id)
    return item


def abandon(world: World, intent: Object) -> None:
    """Close what is still open for ``intent``, which has gone another way."""
    for id in intent.get("_asked", []):
        item = world.store.by_id[id]
        if item["status"] == "open":
            item["status"] = "abandoned"
