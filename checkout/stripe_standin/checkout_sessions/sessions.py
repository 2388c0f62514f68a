"""Checkout Sessions: create, retrieve, update, list.

Source: https://docs.stripe.com/api/checkout/sessions.
"""

from typing import Any

from ..payment_methods import banks
from ..protocol import currencies, errors, lists, metadata
from ..protocol.call import Call
from ..world.store import Object
from ..world.world import World
from . import line_items, session_params, shipping_rates

KIND = "checkout.session"


def create(world: World, call: Call) -> Object:
    """Open a session. Its intent comes into being when the shopper pays."""
    session_params.check(world, call)
    session = blank(world, call)
    rows = line_items.make(world, session["id"], call.get("line_items", []))
    session["currency"] = rows[0]["currency"]
    session["payment_method_types"] = types(session, call)
    add_shipping(world, session, call.get("shipping_options"))
    total(session, rows)
    check_total(session)
    world.store.put(session)
    world.timers.add(session["expires_at"], "expire_session", session["id"])
    return session


def blank(world: World, call: Call) -> Object:
    mode, id = session_params.ui_mode(call), world.ids.make("cs_test_a1", 56)
    given = {name: call.get(name) for name in PLAIN}
    return given | {
        **dict.fromkeys(NOTHING),
        **BLANK,
        **access(world, id, mode),
        "id": id,
        "automatic_tax": tax(call),
        "created": world.now(),
        "custom_fields": [],
        "custom_text": dict.fromkeys(CUSTOM_TEXT),
        "customer_details": details(call.get("customer_email")),
        "expires_at": call.get("expires_at", world.now() + session_params.LIFE_SECONDS),
        "metadata": metadata.merge({}, call.get("metadata")),
        "payment_method_configuration_details": {"id": "pmc_1StandIn", "parent": None},
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "phone_number_collection": call.get("phone_number_collection")
        or {"enabled": False},
        "shipping_options": [],
        "ui_mode": mode,
        "_intent_data": call.get("payment_intent_data", {}),
        "_version": call.version.name,
    }


# What is the same for every session that has just been opened.
BLANK = {
    "object": KIND,
    "livemode": False,
    "mode": "payment",
    "payment_method_collection": "if_required",
    "payment_status": "unpaid",
    "status": "open",
}
PLAIN = (
    "allow_promotion_codes allowed_payment_method_types billing_address_collection "
    "cancel_url client_reference_id customer customer_account customer_creation "
    "customer_email excluded_payment_method_types integration_identifier locale "
    "origin_context redirect_on_completion return_url shipping_address_collection "
    "submit_type success_url"
).split()
NOTHING = (
    "after_expiration collected_information consent consent_collection "
    "currency_conversion discounts invoice payment_intent payment_link permissions "
    "presentment_details recovered_from saved_payment_method_options setup_intent "
    "shipping_cost subscription"
).split()
CUSTOM_TEXT = (
    "after_submit shipping_address submit terms_of_service_acceptance"
).split()


def access(world: World, id: str, mode: str) -> dict[str, Any]:
    """How the shopper gets there: a hosted page has a URL, any other a secret."""
    if mode == "hosted_page":
        return {"client_secret": None, "url": f"{world.base_url}/c/pay/{id}"}
    return {"client_secret": f"{id}_secret_{world.ids.token(40)}", "url": None}


def tax(call: Call) -> dict[str, Any]:
    enabled = call.get("automatic_tax", {"enabled": False})["enabled"]
    return {
        "enabled": enabled,
        "liability": {"type": "self"} if enabled else None,
        "provider": "stripe" if enabled else None,
        "status": "complete" if enabled else None,
    }


def details(
    email: str | None, billing: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """``customer_details``: who is paying, as far as that is known."""
    billing = billing or {}
    email = billing.get("email") or email
    if not email and not billing:
        return None
    return {
        "address": billing.get("address"),
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": billing.get("name"),
        "phone": billing.get("phone"),
        "tax_exempt": "none",
        "tax_ids": [],
    }


def types(session: Object, call: Call) -> list[str]:
    currency = session["currency"]
    listed = call.get("payment_method_types")
    allowed = listed or session["allowed_payment_method_types"]
    offered = banks.automatic(currency)
    if allowed:
        offered = [type for type in banks.SUPPORTED if type in allowed]
        offered = [type for type in offered if banks.usable(type, currency)]
    excluded = session["excluded_payment_method_types"] or []
    return [type for type in offered if type not in excluded] or ["card"]


def add_shipping(world: World, session: Object, options: list[Object] | None) -> None:
    """Offer the rates; the first is chosen until the shopper picks another."""
    if not options:
        return
    rates = [shipping_rates.make(world, option) for option in options]
    session["shipping_options"] = [
        {"shipping_amount": rate["fixed_amount"]["amount"], "shipping_rate": rate["id"]}
        for rate in rates
    ]
    amount = rates[0]["fixed_amount"]["amount"]
    session["shipping_cost"] = {
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "shipping_rate": rates[0]["id"],
    }


def total(session: Object, rows: list[Object]) -> None:
    subtotal = sum(row["amount_subtotal"] for row in rows)
    shipping = (session["shipping_cost"] or {}).get("amount_total", 0)
    session["amount_subtotal"] = subtotal
    session["amount_total"] = subtotal + shipping
    session["total_details"] = {
        "amount_discount": 0,
        "amount_shipping": shipping,
        "amount_tax": 0,
    }


def check_total(session: Object) -> None:
    if session["amount_total"] == 0:
        session["payment_status"] = "no_payment_required"
        return
    currencies.check_charge(session["amount_total"], session["currency"], "line_items")


def find(world: World, id: str, param: str = "session") -> Object:
    session = world.store.get(KIND, id)
    if session is None:
        raise errors.absent("checkout.session", id, param)
    return session


def retrieve(world: World, call: Call) -> Object:
    return find(world, call.id)


def require_open(session: Object) -> None:
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be changed. This '
            f"Checkout Session has a status of {session['status']}."
        )
        raise errors.ApiError(400, message, saved=True)


def update(world: World, call: Call) -> Object:
    session = find(world, call.id)
    if set(call.params) - {"metadata"}:
        require_open(session)
    if "line_items" in call:
        line_items.clear(world, session["id"])
        rows = line_items.make(world, session["id"], call.params["line_items"])
        total(session, rows)
        check_total(session)
    if "shipping_options" in call:
        add_shipping(world, session, call.params["shipping_options"])
        total(session, line_items.of(world, session["id"]))
    if "metadata" in call:
        notes = metadata.merge(session["metadata"], call.params["metadata"])
        session["metadata"] = notes
    session["_intent_data"] |= call.get("payment_intent_data", {})
    return session


def list_(world: World, call: Call) -> Object:
    names = ("customer", "payment_intent", "status")
    email = call.get("customer_details", {}).get("email")
    found = [
        session
        for session in world.store.newest(KIND)
        if all(session[name] == call.params[name] for name in names if name in call)
        and (not email or (session["customer_details"] or {}).get("email") == email)
    ]
    return lists.page(world, found, call)
