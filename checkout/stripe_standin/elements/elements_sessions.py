"""What the browser script needs to know before it draws the fields.

The real endpoint is private to Stripe.js; this one is the stand-in's own.
Rules for client secrets: https://docs.stripe.com/changelog/clover/2025-09-30
(client-secret-reuse).
"""

from typing import Any

from ..intents import statuses
from ..payment_methods import banks
from ..protocol import currencies, errors
from ..protocol.call import Call
from ..protocol.rendering import VIEWS
from ..world.store import Object
from ..world.world import World
from . import customer_sessions

SESSION = """
client_secret:str type:str locale:str currency:str customer_session_client_secret:str
deferred_intent{mode:payment|setup|subscription amount:int currency:str
 setup_future_usage:str capture_method:str allowed_payment_method_types[]:str
 excluded_payment_method_types[]:str payment_method_types[]:str
 payment_method_options:any payment_method_configuration:str on_behalf_of:str}
"""


def session(world: World, call: Call) -> Object:
    """Everything for one group of Elements, by client secret or by amount."""
    if "client_secret" in call:
        view = by_secret(world, call.params["client_secret"])
    elif "deferred_intent" in call:
        view = deferred(call.params["deferred_intent"])
    else:
        raise errors.missing("client_secret")
    customer = customer_part(world, call.get("customer_session_client_secret"))
    return {
        "object": "elements.session",
        "id": world.ids.make("elements_session_", 11),
        "livemode": False,
        "link_enabled": False,
        "locale": call.get("locale", "auto"),
        "merchant_country": "GB",
        "business_name": "Fern & Quill",
        **customer,
        "payment_intent": None,
        "setup_intent": None,
        "checkout_session": None,
        "mode": "payment",
    } | view


def by_secret(world: World, secret: str) -> dict[str, Any]:
    intent = world.store.find(secret.partition("_secret_")[0])
    if intent is None or intent.get("client_secret") != secret:
        message = "The client_secret provided does not match any associated object."
        raise errors.invalid(message, "client_secret")
    if intent["object"] == "checkout.session":
        return of_session(intent)
    if intent["status"] not in statuses.OPEN:
        message = (
            "The client_secret provided belongs to an intent in a terminal state "
            f"({intent['status']}) and cannot be used to initialize Elements."
        )
        raise errors.invalid(message, "client_secret", **{intent["object"]: intent})
    return {
        intent["object"]: shown(intent),
        "amount": intent.get("amount"),
        "currency": intent.get("currency"),
        "mode": "setup" if intent["object"] == "setup_intent" else "payment",
        "payment_method_types": intent["payment_method_types"],
    }


def shown(intent: Object) -> Object:
    """The publishable view; ``metadata`` and the charge stay out."""
    view = VIEWS[intent["object"]]
    return {name: value for name, value in intent.items() if name in view}


def of_session(session: Object) -> dict[str, Any]:
    if session["status"] != "open":
        message = f"This Checkout Session is {session['status']}."
        raise errors.invalid(message, "client_secret")
    return {
        "checkout_session": {"id": session["id"], "status": session["status"]},
        "amount": session["amount_total"],
        "currency": session["currency"],
        "payment_method_types": session["payment_method_types"],
    }


def deferred(given: dict[str, Any]) -> dict[str, Any]:
    mode = given.get("mode", "payment")
    currency = currencies.read(given.get("currency", "gbp"), "currency")
    if mode == "payment":
        if "amount" not in given:
            raise errors.missing("deferred_intent[amount]")
        where = "deferred_intent[amount]"
        currencies.check_charge(given["amount"], currency, where)
    allowed = given.get("allowed_payment_method_types")
    allowed = allowed or given.get("payment_method_types")
    types = banks.automatic(currency)
    if allowed:
        types = [t for t in allowed if banks.usable(t, currency)]
    excluded = given.get("excluded_payment_method_types") or []
    return {
        "amount": given.get("amount"),
        "currency": currency,
        "mode": mode,
        "payment_method_types": [type for type in types if type not in excluded],
    }


def customer_part(world: World, secret: str | None) -> dict[str, Any]:
    """The customer's saved methods, and what the form may do with them."""
    if not secret:
        return {"customer_payment_methods": [], "customer_session": None}
    found = customer_sessions.find(world, secret)
    return {
        "customer_payment_methods": saved_methods(world, found),
        "customer_session": found["components"]["payment_element"]["features"],
    }


def saved_methods(world: World, found: Object) -> list[Object]:
    element = found["components"]["payment_element"]
    features = element["features"] or {}
    if features.get("payment_method_redisplay") != "enabled":
        return []
    allowed = features["payment_method_allow_redisplay_filters"]
    rows = [
        method
        for method in world.store.newest("payment_method")
        if method["customer"] == found["customer"]
        and method["allow_redisplay"] in allowed
    ]
    return rows[: features["payment_method_redisplay_limit"]]
