"""Confirmation tokens: what the browser collected, for a server to confirm.

Source: https://docs.stripe.com/api/confirmation_tokens.
"""

from ..protocol import errors
from ..protocol.call import Call
from ..world.store import Object
from ..world.world import World
from . import payment_methods

KIND = "confirmation_token"
LIFE_SECONDS = 12 * 3600

CREATE = f"""
payment_method:str payment_method_data{{{payment_methods.DATA}}}
payment_method_options:any return_url:url setup_future_usage:off_session|on_session
use_stripe_sdk:bool
shipping{{address!{{{payment_methods.ADDRESS}}} name:str! phone:str~}}
mandate_data:any set_as_default_payment_method:bool client_context:any
"""


def create(world: World, call: Call) -> Object:
    method = collected(world, call)
    return world.store.put(
        {
            "id": world.ids.make("ctoken_1"),
            "object": KIND,
            "created": world.now(),
            "expires_at": world.now() + LIFE_SECONDS,
            "livemode": False,
            "mandate_data": None,
            "metadata": {},
            "payment_intent": None,
            "payment_method_options": None,
            "payment_method_preview": preview(method),
            "return_url": call.get("return_url"),
            "setup_future_usage": call.get("setup_future_usage"),
            "setup_intent": None,
            "shipping": shipping(call),
            "use_stripe_sdk": True,
            "_method": method["id"],
        }
    )


def collected(world: World, call: Call) -> Object:
    """The payment method that is named, or a new one of what was typed."""
    if "payment_method" in call:
        return payment_methods.find(world, call.params["payment_method"])
    if "payment_method_data" in call:
        data = call.params["payment_method_data"]
        return payment_methods.make(world, data, "payment_method_data")
    raise errors.missing("payment_method_data")


def preview(method: Object) -> Object:
    hidden = ("id", "object", "created", "livemode", "metadata")
    return {name: value for name, value in method.items() if name not in hidden}


def shipping(call: Call) -> Object | None:
    given = call.get("shipping")
    if not given:
        return None
    parts = ("city", "country", "line1", "line2", "postal_code", "state")
    address = {part: given["address"].get(part) for part in parts}
    return {"address": address, "name": given["name"], "phone": given.get("phone")}


def find(world: World, id: str, param: str = "confirmation_token") -> Object:
    token = world.store.get(KIND, id)
    if token is None:
        raise errors.absent("confirmationtoken", id, param)
    return token


def use(world: World, call: Call, intent: Object) -> Object:
    """Spend the token on ``intent``. It works once, for twelve hours."""
    token = find(world, call.params["confirmation_token"])
    spent = token["payment_intent"] or token["setup_intent"]
    if spent and spent != intent["id"]:
        message = "This ConfirmationToken has already been used."
        raise errors.invalid(message, "confirmation_token")
    if token["expires_at"] < world.now():
        message = "This ConfirmationToken has expired."
        raise errors.invalid(message, "confirmation_token")
    token[intent["object"]] = intent["id"]
    return token


def retrieve(world: World, call: Call) -> Object:
    return find(world, call.id)
