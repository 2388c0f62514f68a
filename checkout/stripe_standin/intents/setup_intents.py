"""Setup intents: a payment method is verified and saved, no money moves.

Source: https://docs.stripe.com/api/setup_intents.
"""

from typing import Any

from ..payment_methods import banks, confirmation_tokens, declines, payment_methods
from ..payment_methods.cards import Decline
from ..protocol import errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import attempts, client_secrets, next_actions

KIND = "setup_intent"
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
NOTHING = (
    "application attach_to_self cancellation_reason customer customer_account "
    "description flow_directions last_setup_error latest_attempt mandate "
    "next_action on_behalf_of payment_method single_use_mandate "
    "allowed_payment_method_types excluded_payment_method_types"
).split()


def create(world: World, call: Call) -> Object:
    intent = blank(world, call)
    method = given(world, call)
    if call.get("confirm") and method is None:
        raise errors.missing("payment_method")
    if method is not None:
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"
    world.store.put(intent)
    events.emit(world, "setup_intent.created", intent)
    if call.get("confirm") and method is not None:
        start(world, intent, method, call)
    return intent


def blank(world: World, call: Call) -> Object:
    id = world.ids.make("seti_1")
    intent = {
        **dict.fromkeys(NOTHING),
        **offer(call),
        "id": id,
        "object": KIND,
        "client_secret": f"{id}_secret_{world.ids.token(25)}",
        "created": world.now(),
        "livemode": False,
        "metadata": metadata.merge({}, call.get("metadata")),
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "status": "requires_payment_method",
        "usage": call.get("usage", "off_session"),
    }
    for name in ("customer", "customer_account", "description"):
        intent[name] = call.get(name)
    if intent["customer"] and not world.store.get("customer", intent["customer"]):
        raise errors.absent("customer", intent["customer"], "customer")
    return intent


def offer(call: Call) -> Object:
    """Which types of payment method: those that are listed, or the automatic ones."""
    types = call.get("payment_method_types")
    automatic = None if types else {"allow_redirects": "always", "enabled": True}
    configuration = None if types else {"id": "pmc_1StandIn", "parent": None}
    return {
        "automatic_payment_methods": call.get("automatic_payment_methods", automatic),
        "payment_method_configuration_details": configuration,
        "payment_method_types": types or ["card"],
    }


def given(world: World, call: Call) -> Object | None:
    if call.get("confirmation_token"):
        token = confirmation_tokens.find(world, call.params["confirmation_token"])
        return payment_methods.find(world, token["_method"])
    if call.get("payment_method_data"):
        data = call.params["payment_method_data"]
        return payment_methods.make(world, data, "payment_method_data")
    if call.get("payment_method"):
        return payment_methods.find(world, call.params["payment_method"])
    return None


def find(world: World, id: str) -> Object:
    intent = world.store.get(KIND, id)
    if intent is None:
        raise errors.absent("setupintent", id, "intent")
    return intent


def retrieve(world: World, call: Call) -> Object:
    intent = find(world, call.id)
    client_secrets.check_secret(intent, call)
    return intent


def require_open(intent: Object, verb: str) -> None:
    if intent["status"] not in OPEN:
        message = (
            f"You cannot {verb} this SetupIntent because it has a status of "
            f"{intent['status']}."
        )
        raise errors.unexpected_state(message, intent)


def update(world: World, call: Call) -> Object:
    intent = find(world, call.id)
    if {"payment_method", "payment_method_data", "customer"} & set(call.params):
        require_open(intent, "update")
    method = given(world, call)
    if method is not None:
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"
    for name in ("customer", "description"):
        if name in call:
            intent[name] = call.params[name]
    if "metadata" in call:
        intent["metadata"] = metadata.merge(intent["metadata"], call.params["metadata"])
    return intent


def confirm(world: World, call: Call) -> Object:
    intent = find(world, call.id)
    client_secrets.check_secret(intent, call)
    require_open(intent, "confirm")
    method = given(world, call)
    if method is None and intent["payment_method"]:
        method = payment_methods.find(world, intent["payment_method"])
    if method is None:
        raise errors.missing("payment_method")
    start(world, intent, method, call)
    return intent


def start(world: World, intent: Object, method: Object, call: Call) -> None:
    next_actions.abandon(world, intent)
    intent["payment_method"], intent["last_setup_error"] = method["id"], None
    card = payment_methods.card_of(method)
    if card and card.decline and not card.attachable:
        decline(world, intent, method, card.decline)
    if card and card.secure in {"always", "unless_saved", "on_session"}:
        intent["next_action"] = next_actions.open_challenge(
            world,
            intent,
            method,
            use_sdk=call.get("use_stripe_sdk", False),
            return_url=call.get("return_url"),
        )
        intent["status"] = "requires_action"
        events.emit(world, "setup_intent.requires_action", intent)
    elif method["type"] in banks.REDIRECT:
        intent["next_action"] = next_actions.open_bank(
            world, intent, method, call.get("return_url")
        )
        intent["status"] = "requires_action"
    else:
        authenticated(world, intent, method)


def authenticated(world: World, intent: Object, method: Object) -> None:
    """The method is proven: keep it."""
    intent["next_action"], intent["status"] = None, "succeeded"
    method["_set_up"] = True
    if intent["customer"]:
        payment_methods.attach_to(world, method, intent["customer"])
    events.emit(world, "setup_intent.succeeded", intent)


def rejected(world: World, intent: Object, method: Object) -> None:
    error = {
        "type": "invalid_request_error",
        "code": "setup_intent_authentication_failure",
        "message": attempts.AUTHENTICATION_FAILED,
    }
    fail(world, intent, method, error)


def decline(world: World, intent: Object, method: Object, why: Decline) -> None:
    members = declines.members(why)
    fail(world, intent, method, {"type": "card_error"} | members)
    message, code = members.pop("message"), members.pop("code")
    raise errors.card(
        message, code, payment_method=method, setup_intent=intent, **members
    )


def fail(world: World, intent: Object, method: Object, error: dict[str, Any]) -> None:
    intent["status"] = "requires_payment_method"
    intent["next_action"] = intent["payment_method"] = None
    intent["last_setup_error"] = error | {"payment_method": dict(method)}
    events.emit(world, "setup_intent.setup_failed", intent)


def cancel(world: World, call: Call) -> Object:
    intent = find(world, call.id)
    require_open(intent, "cancel")
    next_actions.abandon(world, intent)
    intent["status"], intent["next_action"] = "canceled", None
    intent["cancellation_reason"] = call.get("cancellation_reason")
    events.emit(world, "setup_intent.canceled", intent)
    return intent


def list_(world: World, call: Call) -> Object:
    found = [
        intent
        for intent in world.store.newest(KIND)
        if all(
            intent[name] == call.params[name]
            for name in ("customer", "payment_method")
            if name in call
        )
    ]
    return lists.page(world, found, call)
