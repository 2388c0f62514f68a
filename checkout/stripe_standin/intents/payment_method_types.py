"""Which payment method types an intent offers.

Source: https://docs.stripe.com/payments/payment-methods/dynamic-payment-methods.
"""

from typing import Any

from ..payment_methods import banks
from ..protocol import errors
from ..protocol.call import Call
from ..world.store import Object

CHOICES = frozenset(
    (
        "payment_method_types",
        "allowed_payment_method_types",
        "excluded_payment_method_types",
        "automatic_payment_methods",
    )
)
TOUCHED = CHOICES | {"currency", "payment_method_options"}
# Options per type that are understood and shown; others are taken and ignored.
OPTIONS = frozenset(
    (
        "capture_method",
        "network",
        "preferred_language",
        "preferred_locale",
        "request_three_d_secure",
        "require_cvc_recollection",
        "setup_future_usage",
    )
)
CONFIGURATION = {"id": "pmc_1StandIn", "parent": None}


def settle(intent: Object, call: Call) -> None:
    """Write the types, and what else the object says about them."""
    types = call.get("payment_method_types")
    if types is not None:
        if "automatic_payment_methods" in call:
            names = ["automatic_payment_methods", "payment_method_types"]
            raise errors.exclusive(names)
        listed(intent, types)
    elif "automatic_payment_methods" in call or "_offer" not in intent:
        intent["_offer"] = offer(call)
    choose(intent)
    remember_options(intent, call)
    intent["payment_method_options"] = options(intent)


def listed(intent: Object, types: list[str]) -> None:
    """The old way: the integration names the types."""
    for type in types:
        if not banks.usable(type, intent["currency"]) or type not in banks.SUPPORTED:
            message = (
                f"The payment method type provided: {type} is invalid. Please ensure "
                "the provided type is activated in your dashboard and supports the "
                "currency."
            )
            raise errors.invalid(message, "payment_method_types")
    intent["_offer"] = {"listed": types}


def offer(call: Call) -> dict[str, Any]:
    automatic = call.get("automatic_payment_methods")
    if automatic is not None:
        if not automatic["enabled"]:
            return {"listed": ["card"]}
        return {"automatic": automatic.get("allow_redirects", "always")}
    # https://docs.stripe.com/changelog 2023-08-16: automatic unless told otherwise.
    if call.version.before("2023-08-16"):
        return {"listed": ["card"]}
    return {"automatic": "always"}


def choose(intent: Object) -> None:
    how = intent["_offer"]
    if "listed" in how:
        intent["payment_method_types"] = how["listed"]
        intent["automatic_payment_methods"] = None
        intent["payment_method_configuration_details"] = None
        return
    redirects = how["automatic"]
    intent["automatic_payment_methods"] = {
        "allow_redirects": redirects,
        "enabled": True,
    }
    intent["payment_method_configuration_details"] = dict(CONFIGURATION)
    types = candidates(intent)
    if redirects == "never":
        types = [type for type in types if type not in banks.REDIRECT]
    if not types:
        message = (
            "No valid payment method types for this Payment Intent. Please ensure that "
            "the allowed types support its currency."
        )
        raise errors.invalid(message, "allowed_payment_method_types")
    intent["payment_method_types"] = types


def candidates(intent: Object) -> list[str]:
    currency = intent["currency"]
    allowed = intent.get("allowed_payment_method_types")
    types = banks.automatic(currency)
    if allowed:
        types = [t for t in banks.SUPPORTED if t in allowed]
        types = [type for type in types if banks.usable(type, currency)]
    excluded = intent.get("excluded_payment_method_types") or []
    return [type for type in types if type not in excluded]


def remember_options(intent: Object, call: Call) -> None:
    kept = intent.setdefault("_options", {})
    for type, given in (call.get("payment_method_options") or {}).items():
        if not isinstance(given, dict):
            raise errors.invalid("Invalid object", f"payment_method_options[{type}]")
        known = {name: value for name, value in given.items() if name in OPTIONS}
        if "require_cvc_recollection" in known:
            known["require_cvc_recollection"] = (
                known["require_cvc_recollection"] == "true"
            )
        kept[type] = kept.get(type, {}) | known


def options(intent: Object) -> dict[str, Any]:
    """``payment_method_options``: one hash per type that is offered."""
    return {
        type: default_options(type) | intent["_options"].get(type, {})
        for type in intent["payment_method_types"]
    }


def default_options(type: str) -> dict[str, Any]:
    if type == "card":
        return {
            "installments": None,
            "mandate_options": None,
            "network": None,
            "request_three_d_secure": "automatic",
        }
    if type == "bancontact":
        return {"preferred_language": "en"}
    return {"preferred_locale": None} if type == "klarna" else {}


def accepts(intent: Object, type: str) -> bool:
    return type in intent["payment_method_types"]
