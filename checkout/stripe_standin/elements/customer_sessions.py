"""Customer sessions: the browser may see one customer's saved methods.

Source: https://docs.stripe.com/api/customer_sessions.
"""

from typing import Any

from ..payment_methods import customers
from ..protocol import errors
from ..protocol.call import Call
from ..world.store import Object
from ..world.world import World

KIND = "customer_session"
LIFE_SECONDS = 30 * 60

FILTERS = "payment_method_allow_redisplay_filters[]:always|limited|unspecified "
SWITCH = "disabled|enabled"
CREATE = f"""
components!{{
 active_entitlements{{enabled:bool!}} buy_button{{enabled:bool!}}
 customer_portal{{enabled:bool!}} pricing_table{{enabled:bool!}}
 customer_sheet{{enabled:bool! features{{{FILTERS} payment_method_remove:{SWITCH}}}}}
 mobile_payment_element{{enabled:bool! features{{{FILTERS}
  payment_method_redisplay:{SWITCH} payment_method_remove:{SWITCH}
  payment_method_save:{SWITCH}
  payment_method_save_allow_redisplay_override:always|limited|unspecified}}}}
 payment_element{{enabled:bool! features{{{FILTERS}
  payment_method_redisplay:{SWITCH} payment_method_redisplay_limit:int
  payment_method_remove:{SWITCH} payment_method_save:{SWITCH}
  payment_method_save_usage:off_session|on_session}}}}
}}
customer:str customer_account:str
"""
PLAIN = ("active_entitlements", "buy_button", "customer_portal", "pricing_table")


def create(world: World, call: Call) -> Object:
    """A secret for the browser, good for half an hour. It has no id."""
    if "customer" not in call:
        raise errors.missing("customer")
    customer = customers.find(world, call.params["customer"])
    secret = "cuss_secret_" + world.ids.token(40)
    made = {
        "id": secret,
        "object": KIND,
        "client_secret": secret,
        "components": components(call.params["components"]),
        "created": world.now(),
        "customer": customer["id"],
        "customer_account": None,
        "expires_at": world.now() + LIFE_SECONDS,
        "livemode": False,
    }
    world.store.put(made)
    return {name: value for name, value in made.items() if name != "id"}


def components(given: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        name: {"enabled": given.get(name, {}).get("enabled", False)} for name in PLAIN
    }
    for name in ("customer_sheet", "mobile_payment_element"):
        part = given.get(name, {"enabled": False})
        features = part.get("features") if part["enabled"] else None
        shown[name] = {"enabled": part["enabled"], "features": features}
    element = given.get("payment_element", {"enabled": False})
    features = element_features(element.get("features") or {})
    shown["payment_element"] = {
        "enabled": element["enabled"],
        "features": features if element["enabled"] else None,
    }
    return shown


def element_features(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "payment_method_allow_redisplay_filters": ["always"],
        "payment_method_redisplay": "disabled",
        "payment_method_redisplay_limit": 3,
        "payment_method_remove": "disabled",
        "payment_method_save": "disabled",
        "payment_method_save_usage": None,
    } | given


def find(world: World, secret: str) -> Object:
    """Raises ``ApiError`` 400 when it is unknown or over."""
    found = world.store.get(KIND, secret)
    if found is None:
        message = "No such customer session."
        raise errors.invalid(message, "customer_session_client_secret")
    if found["expires_at"] < world.now():
        message = "This customer session has expired."
        code = "customer_session_expired"
        raise errors.invalid(message, "customer_session_client_secret", code=code)
    return found
