"""Charges: one attempt to move money.

Source: https://docs.stripe.com/api/charges.
"""

from typing import Any

from ..payment_methods import cards, declines, payment_methods
from ..payment_methods.cards import Decline
from ..protocol import errors, lists, metadata
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import balance

KIND = "charge"
DESCRIPTOR = "FERN AND QUILL"

LIST = lists.PAGE + (
    "created:range customer:str payment_intent:str transfer_group:str "
)
UPDATE = """
customer:str description:str~ fraud_details{user_report:fraudulent|safe~!}
metadata:metadata~ receipt_email:str~ transfer_group:str
shipping{address!{city:str country:str line1:str line2:str postal_code:str state:str}
 carrier:str name:str! phone:str tracking_number:str}
"""


def make(world: World, intent: Object, method: Object) -> Object:
    """A charge for ``intent`` that has not been decided yet."""
    card = method["type"] == "card"
    charge = blank(world, "ch_3" if card else "py_3") | {
        "amount": intent["amount"],
        "billing_details": method["billing_details"],
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "metadata": dict(intent["metadata"]),
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details(method),
        "receipt_email": intent["receipt_email"],
        "shipping": intent["shipping"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "transfer_group": intent["transfer_group"],
        "_card": method.get("_card"),
    }
    known = payment_methods.card_of(method)
    charge["_bypass"] = bool(known and known.bypass_pending)
    charge["calculated_statement_descriptor"] = DESCRIPTOR if card else None
    intent["latest_charge"] = charge["id"]
    return world.store.put(charge)


def blank(world: World, prefix: str) -> Object:
    nothing = (
        "application application_fee application_fee_amount authorization_code "
        "balance_transaction calculated_statement_descriptor customer description "
        "failure_balance_transaction failure_code failure_message on_behalf_of outcome "
        "payment_intent payment_method payment_method_details presentment_details "
        "receipt_email receipt_number receipt_url review shipping source "
        "source_transfer statement_descriptor statement_descriptor_suffix "
        "transfer_data transfer_group"
    )
    return {"id": world.ids.make(prefix), "object": KIND} | {
        **dict.fromkeys(nothing.split()),
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": payment_methods.billing(None),
        "captured": False,
        "created": world.now(),
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": {},
        "paid": False,
        "radar_options": {},
        "refunded": False,
        "status": "pending",
    }


def details(method: Object) -> dict[str, Any]:
    """``payment_method_details``: what was used, as it was then."""
    type = method["type"]
    if type != "card":
        return {"type": type, type: bank_details(type, method[type])}
    card = method["card"]
    known = payment_methods.card_of(method)
    same = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding")
    shown = {name: card[name] for name in same} | {
        "amount_authorized": None,
        "authorization_code": None,
        "checks": checks(method, known),
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": card["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"status": "unavailable", "maximum_amount_capturable": 0},
        "regulated_status": card["regulated_status"],
        "three_d_secure": None,
        "wallet": None,
    }
    return {"type": "card", "card": shown}


def checks(method: Object, known: Any) -> dict[str, str | None]:
    address = method["billing_details"]["address"]
    return {
        "address_line1_check": known.line1_check if address["line1"] else None,
        "address_postal_code_check": (
            known.postal_check if address["postal_code"] else None
        ),
        "cvc_check": known.cvc_check if method["_cvc"] else None,
    }


def bank_details(type: str, given: dict[str, Any]) -> dict[str, Any]:
    if type == "sepa_debit":
        same = ("bank_code", "branch_code", "country", "fingerprint", "last4")
        return {name: given[name] for name in same} | {"mandate": None}
    if type == "bacs_debit":
        return {**given, "mandate": None}
    if type == "us_bank_account":
        dropped = {"financial_connections_account", "networks", "status_details"}
        return {k: v for k, v in given.items() if k not in dropped}
    if type in {"ideal", "bancontact"}:
        nothing = "generated_sepa_debit generated_sepa_debit_mandate iban_last4"
        named = dict.fromkeys(nothing.split()) | {"verified_name": "Jenny Rosen"}
        extra = {"bank_code", "bank_name"} if type == "bancontact" else {"bank"}
        return named | dict.fromkeys(extra) | {"bic": None}
    return {"bank": given.get("bank")} if type in {"eps", "p24"} else {}


def approve(world: World, charge: Object, *, captured: bool, challenge: bool) -> None:
    """The bank said yes. ``challenge``: the shopper proved who they are."""
    known = cards.BY_TOKEN.get(charge["_card"] or "")
    charge["status"], charge["paid"] = "succeeded", True
    charge["outcome"] = outcome(known.risk if known else "not_assessed")
    charge["receipt_url"] = f"{world.base_url}/receipts/{charge['id']}"
    card = charge["payment_method_details"].get("card")
    if card:
        card["amount_authorized"] = charge["amount"]
        card["authorization_code"] = world.ids.token(6).upper()
        card["network_transaction_id"] = world.ids.token(15)
        charge["authorization_code"] = card["authorization_code"]
        if challenge or (known and known.frictionless):
            card["three_d_secure"] = authenticated(challenge)
        if not captured:
            card["capture_before"] = world.now() + int(world.pace.hold)
    if captured:
        charge["captured"], charge["amount_captured"] = True, charge["amount"]


def authenticated(challenge: bool) -> dict[str, Any]:
    return {
        "authentication_flow": "challenge" if challenge else "frictionless",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": None,
        "version": "2.2.0",
    }


def outcome(risk: str) -> dict[str, Any]:
    scores = {"normal": 20, "elevated": 70, "highest": 90}
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": risk,
        "risk_score": scores.get(risk),
        "seller_message": "Payment complete.",
        "type": "authorized",
    }


def decline(world: World, charge: Object, why: Decline, *, blocked: bool) -> None:
    """The bank said no, or (``blocked``) was never asked."""
    told = declines.members(why)
    charge["status"] = "failed"
    charge["failure_code"], charge["failure_message"] = why.code, told["message"]
    charge["outcome"] = outcome("highest" if blocked else "normal") | {
        "advice_code": told.get("advice_code"),
        "network_decline_code": None if blocked else told["network_decline_code"],
        "network_status": "not_sent_to_network" if blocked else "declined_by_network",
        "reason": "highest_risk_level" if blocked else why.decline_code or why.code,
        "seller_message": "Stripe blocked this payment as too risky."
        if blocked
        else "The bank did not return any further details with this decline.",
        "type": "blocked" if blocked else "issuer_declined",
    }
    events.emit(world, "charge.failed", charge)


def find(world: World, id: str, param: str = "charge") -> Object:
    charge = world.store.get(KIND, id)
    if charge is None:
        raise errors.absent("charge", id, param)
    return charge


def retrieve(world: World, call: Call) -> Object:
    return find(world, call.id)


def update(world: World, call: Call) -> Object:
    charge = find(world, call.id)
    previous = {name: charge[name] for name in call.params if name in charge}
    for name in ("customer", "description", "receipt_email", "transfer_group"):
        if name in call:
            charge[name] = call.params[name]
    if "shipping" in call:
        charge["shipping"] = call.params["shipping"]
    if "fraud_details" in call:
        charge["fraud_details"] = call.params["fraud_details"]
    if "metadata" in call:
        charge["metadata"] = metadata.merge(charge["metadata"], call.params["metadata"])
    events.emit(world, "charge.updated", charge, previous)
    return charge


def list_(world: World, call: Call) -> Object:
    names = ("customer", "payment_intent", "transfer_group")
    found = [
        charge
        for charge in world.store.newest(KIND)
        if all(charge[name] == call.params[name] for name in names if name in call)
    ]
    return lists.page(world, found, call)


def book(world: World, charge: Object, *, now: bool) -> None:
    """Put a captured charge on the balance, at once or a little later."""
    if now:
        balance.post_charge(world, charge)
    else:
        world.after(world.pace.balance, "book_charge", charge)
