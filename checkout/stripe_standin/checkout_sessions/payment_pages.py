"""The hosted page of a Checkout Session, seen from the API.

Private to Stripe's own pages in the original; the stand-in's page uses it
with the publishable key. What a session becomes when it is paid follows
https://docs.stripe.com/payments/checkout/custom-success-page.
"""

from typing import Any

from ..intents import attempts, captures, confirmations, payment_intents, statuses
from ..intents.attempts import Attempt
from ..payment_methods import customers, payment_methods
from ..protocol import errors, rendering
from ..protocol.call import Call
from ..protocol.keys import Key
from ..protocol.versions import Version
from ..webhooks import events
from ..world.store import Object, public
from ..world.world import World
from . import line_items, sessions

CONFIRM = (
    "client_secret:str email:str name:str phone:str payment_method:str "
    "return_url:str expected_amount:int use_stripe_sdk:bool "
    f"payment_method_data{{{payment_methods.DATA}}} "
)
READ = "client_secret:str "
PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def retrieve(world: World, call: Call) -> Object:
    """What the page needs to draw itself."""
    return view(world, sessions.find(world, call.id))


def view(world: World, session: Object) -> Object:
    shown = (
        "id amount_subtotal amount_total cancel_url client_secret currency "
        "customer_email expires_at mode payment_method_types payment_status status "
        "submit_type total_details ui_mode livemode shipping_cost"
    )
    intent = world.store.find(session["payment_intent"] or session.get("_intent", ""))
    return {name: session[name] for name in shown.split()} | {
        "object": "payment_page",
        "line_items": public(line_items.of(world, session["id"])),
        "payment_intent": intent and rendering.narrow(public(intent)),
        "success_url": success_url(session),
        "return_url": success_url(session),
    }


def success_url(session: Object) -> str | None:
    """Where a paid session leads, with its own id put in."""
    url = session["success_url"] or session["return_url"]
    return url and str(url).replace(PLACEHOLDER, session["id"])


def create(world: World, call: Call) -> Object:
    """As :func:`sessions.create`; older versions see the intent at once.

    https://docs.stripe.com/upgrades#2022-08-01: since then the intent is made
    when the shopper confirms.
    """
    session = sessions.create(world, call)
    if call.version.before("2022-08-01") and session["payment_status"] == "unpaid":
        session["payment_intent"] = intent_of(world, session)["id"]
    return session


def confirm(world: World, call: Call) -> Object:
    """Pay. Raises ``ApiError`` 402 on a decline; the session stays open."""
    session = sessions.find(world, call.id)
    sessions.require_open(session)
    expected = call.get("expected_amount", session["amount_total"])
    if expected != session["amount_total"]:
        message = "The amount of this Checkout Session has changed."
        raise errors.invalid(message, "expected_amount")
    email = call.get("email") or session["customer_email"]
    if session["payment_status"] == "no_payment_required":
        session["customer_details"] = sessions.details(email)
        complete(world, session)
        return view(world, session)
    intent = intent_of(world, session)
    statuses.require(intent, "confirm")
    method = confirmations.chosen(world, intent, call)
    if method is None:
        raise errors.missing("payment_method")
    remember_shopper(session, call, method, email)
    back = call.get("return_url") or f"{world.base_url}/c/pay/{session['id']}"
    how = Attempt(intent, method, use_sdk=True, return_url=back)
    attempts.start(world, how)
    return view(world, session)


def remember_shopper(
    session: Object, call: Call, method: Object, email: str | None
) -> None:
    billing = {**method["billing_details"]}
    for name in ("name", "phone"):
        billing[name] = call.get(name) or billing[name]
    billing["email"] = billing["email"] or email
    session["customer_details"] = sessions.details(email, billing)


def intent_of(world: World, session: Object) -> Object:
    """The session's intent, made when the shopper first pays."""
    if known := session.get("_intent"):
        return payment_intents.find(world, known)
    given = session["_intent_data"]
    params: dict[str, Any] = {
        **given,
        "amount": session["amount_total"],
        "currency": session["currency"],
        "payment_method_types": session["payment_method_types"],
    }
    if session["customer"]:
        params["customer"] = session["customer"]
    version = Version(session["_version"])
    made = Call(world.ids.make("req_", 14), version, Key("secret"), params=params)
    intent = payment_intents.build(world, made)
    intent["_session"] = session["id"]
    session["_intent"] = intent["id"]
    payment_intents.created(world, intent)
    return intent


def follow(world: World, type: str, item: Object) -> None:
    """Move a session along with its intent. Watches every event."""
    session = world.store.find(item.get("_session") or "")
    if session is None or not type.startswith("payment_intent."):
        return
    done = ("succeeded", "processing", "amount_capturable_updated")
    name = type.removeprefix("payment_intent.")
    if name in done and session["status"] == "open":
        session["payment_intent"] = item["id"]
        if name == "succeeded":
            session["payment_status"] = "paid"
        complete(world, session)
    elif name == "succeeded" and session["payment_status"] == "unpaid":
        session["payment_status"] = "paid"
        if item.get("_type") != "card":
            events.emit(world, "checkout.session.async_payment_succeeded", session)
    elif name == "payment_failed" and session["status"] == "complete":
        events.emit(world, "checkout.session.async_payment_failed", session)


def complete(world: World, session: Object) -> None:
    session["status"], session["url"] = "complete", None
    if session["customer_creation"] == "always" and not session["customer"]:
        who = session["customer_details"] or {}
        customer = world.store.put(customers.blank(world))
        for name in ("email", "name", "phone", "address"):
            customer[name] = who.get(name)
        session["customer"] = customer["id"]
        events.emit(world, "customer.created", customer)
    events.emit(world, "checkout.session.completed", session)


def expire(world: World, call: Call) -> Object:
    """End an open session; its intent, if any, is given up with it."""
    session = sessions.find(world, call.id)
    sessions.require_open(session)
    end(world, session)
    return session


def end(world: World, session: Object) -> None:
    """Expire ``session`` if it is still open."""
    if session["status"] != "open":
        return
    intent = world.store.find(session.get("_intent") or "")
    if intent is not None and intent["status"] in statuses.OPEN:
        captures.void(world, intent, "automatic")
    session["status"], session["url"] = "expired", None
    events.emit(world, "checkout.session.expired", session)
