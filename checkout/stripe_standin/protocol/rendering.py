"""How an object is shown to a client: expanded, in the version that was asked
for, and with only the fields that the key may see.

Sources: https://docs.stripe.com/api/expanding_objects, /api/versioning and
https://docs.stripe.com/js/payment_intents (the publishable view).
"""

from typing import Any

from ..world.store import Object, public
from ..world.world import World
from . import errors, includable
from .versions import Version

MAX_DEPTH = 4

REFERENCES = frozenset(
    "balance_transaction charge customer default_price failure_balance_transaction "
    "latest_attempt latest_charge mandate payment_intent payment_method price product "
    "setup_intent source invoice subscription on_behalf_of application transfer "
    "default_payment_method default_source review payment_link".split()
)
# Lists that are only there when asked for: (kind, field) to (kind of item, its field).
INCLUDABLE = {
    ("charge", "refunds"): ("refund", "charge"),
    ("checkout.session", "line_items"): ("item", "_session"),
    ("customer", "sources"): ("card", "customer"),
    ("customer", "subscriptions"): ("subscription", "customer"),
    ("customer", "tax_ids"): ("tax_id", "customer"),
}

EXPANDABLE = REFERENCES | {field for _, field in INCLUDABLE} | includable.NAMES

PUBLIC_INTENT = frozenset(
    "id object amount canceled_at cancellation_reason capture_method client_secret "
    "confirmation_method created currency description last_payment_error livemode "
    "next_action payment_method payment_method_types receipt_email setup_future_usage "
    "shipping status automatic_payment_methods processing".split()
)
PUBLIC_SETUP = frozenset(
    "id object cancellation_reason client_secret created description "
    "last_setup_error livemode next_action payment_method payment_method_types status "
    "usage automatic_payment_methods".split()
)
VIEWS = {"payment_intent": PUBLIC_INTENT, "setup_intent": PUBLIC_SETUP}

# https://docs.stripe.com/changelog/dahlia/2026-03-25: renamed Checkout modes.
OLD_UI_MODES = {
    "hosted_page": "hosted",
    "embedded_page": "embedded",
    "elements": "custom",
}


def render(
    world: World,
    item: Object,
    version: Version,
    expand: list[str] | None = None,
    *,
    publishable: bool = False,
) -> Object:
    """``item`` as a client sees it. Raises ``ApiError`` for a bad ``expand``."""
    shown = public(item)
    for path in expand or []:
        include(world, shown, path.split("."), path)
    shown = adapt(world, shown, version)
    return narrow(shown) if publishable else shown


def check_paths(paths: list[str]) -> None:
    """Refuse what nothing can be expanded by, before any work is done."""
    for path in paths:
        parts = path.split(".")
        if len(parts) > MAX_DEPTH + (parts[0] == "data"):
            message = f"You cannot expand more than {MAX_DEPTH} levels of a property."
            raise errors.invalid(message, "expand")
        if parts[-1] not in EXPANDABLE:
            raise unexpandable(path)


def include(world: World, shown: Any, parts: list[str], path: str) -> None:
    """Replace the reference at ``parts`` by what it refers to."""
    if isinstance(shown, list):
        for item in shown:
            include(world, item, parts, path)
        return
    # Of something deleted only the id is left: there is nothing to expand.
    if not isinstance(shown, dict) or "deleted" in shown:
        return
    name, rest = parts[0], parts[1:]
    value = shown[name] = reach(world, shown, name, path)
    if rest:
        include(world, value, rest, path)


def reach(world: World, shown: dict[str, Any], name: str, path: str) -> Any:
    """What property ``name`` is when it is asked for in full."""
    value, place = shown.get(name), (shown.get("object", ""), name)
    if place in INCLUDABLE:
        return value or sublist(world, shown, name, INCLUDABLE[place])
    if place in includable.EXTRAS:
        return includable.EXTRAS[place](shown)
    if isinstance(value, str) and name in REFERENCES:
        return resolve(world, name, value)
    if name not in shown or not (value is None or nested(value)):
        raise unexpandable(path)
    return value


def nested(value: Any) -> bool:
    return isinstance(value, (dict, list))


def resolve(world: World, name: str, id: str) -> Any:
    # An older card is a payment method and a source under one id.
    found = world.store.get(name, id) or world.store.find(id)
    if found is None:
        return id
    if found.get("_deleted"):
        return {"id": id, "object": found["object"], "deleted": True}
    return public(found)


def sublist(
    world: World, owner: Object, name: str, source: tuple[str, str]
) -> dict[str, Any]:
    kind, field = source
    rows = [item for item in world.store.newest(kind) if item.get(field) == owner["id"]]
    if kind == "item":
        rows.reverse()
    plural = {"charge": "charges", "customer": "customers"}
    path = plural.get(owner["object"], "checkout/sessions")
    url = f"/v1/{path}/{owner['id']}/{name}"
    return {"object": "list", "data": public(rows), "has_more": False, "url": url}


def unexpandable(path: str) -> errors.ApiError:
    message = (
        f"This property cannot be expanded ({path}). You may want to try expanding "
        f"'data.{path}' instead."
    )
    return errors.invalid(message, "expand")


def adapt(world: World, shown: Any, version: Version) -> Any:
    """The same object as an older version had it, where clients trip on it."""
    if isinstance(shown, list):
        return [adapt(world, item, version) for item in shown]
    if not isinstance(shown, dict):
        return shown
    shown = {
        key: value if key == "metadata" else adapt(world, value, version)
        for key, value in shown.items()
    }
    kind = shown.get("object")
    if kind == "payment_intent" and version.before("2022-11-15"):
        return with_charges(world, shown, version)
    if kind == "charge" and version.before("2022-11-15"):
        source = INCLUDABLE["charge", "refunds"]
        shown["refunds"] = sublist(world, shown, "refunds", source)
    if kind == "customer" and older_customer(shown, version):
        source = INCLUDABLE["customer", "sources"]
        shown["sources"] = sublist(world, shown, "sources", source)
    if kind == "checkout.session" and version.before("2026-03-25"):
        shown["ui_mode"] = OLD_UI_MODES.get(shown["ui_mode"], shown["ui_mode"])
    return shown


def older_customer(shown: Object, version: Version) -> bool:
    """https://docs.stripe.com/upgrades#2020-08-27: sources had come unasked."""
    known = "deleted" in shown or "sources" in shown
    return version.before("2020-08-27") and not known


def with_charges(world: World, shown: Object, version: Version) -> Object:
    """https://docs.stripe.com/changelog: ``charges`` gave way to
    ``latest_charge`` on 2022-11-15."""
    source = ("charge", "payment_intent")
    charges = sublist(world, shown, "charges", source)
    charges["data"] = adapt(world, charges["data"], version)
    charges["url"] = f"/v1/charges?payment_intent={shown['id']}"
    charges["total_count"] = len(charges["data"])
    shown.pop("latest_charge", None)
    return shown | {"charges": charges}


def narrow(shown: Object) -> Object:
    """Only what a publishable key may see, also inside an error."""
    view = VIEWS.get(shown.get("object", ""))
    if view is None:
        return shown
    return {key: value for key, value in shown.items() if key in view}


def event(world: World, item: Object, version: Version) -> Object:
    return render(world, item, version)
