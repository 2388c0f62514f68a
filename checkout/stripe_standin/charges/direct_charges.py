"""Charges made directly, as integrations before payment intents do.

Source: https://docs.stripe.com/api/charges/create.
"""

from dataclasses import replace
from typing import Any

from ..payment_methods import customers, declines, payment_methods, tokens
from ..payment_methods.customers import SHIPPING
from ..protocol import currencies, errors, texts
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World
from . import charges, disputes, refunds

CREATE = (
    "amount:int! application_fee:int application_fee_amount:int capture:bool "
    "currency:str! customer:str description:str~ destination:any metadata:metadata~ "
    "on_behalf_of:str radar_options:any receipt_email:str source:str card:str "
    "transfer_data:any transfer_group:str "
    + texts.DESCRIPTORS
    + SHIPPING.replace("~{", "{")
)
REFUND = (
    "amount:int metadata:metadata~ reason:duplicate|fraudulent|requested_by_customer "
    "refund_application_fee:bool reverse_transfer:bool "
)
CAPTURE = (
    "amount:int application_fee:int application_fee_amount:int receipt_email:str "
    "transfer_data:any transfer_group:str " + texts.DESCRIPTORS
)


def create(world: World, call: Call) -> Object:
    """Charge a token or a customer's card. Raises ``ApiError`` 402 on a decline."""
    currency = currencies.read(call.params["currency"])
    currencies.check_charge(call.params["amount"], currency)
    method = source(world, call)
    charge = charges.make(world, order(call, currency), method)
    charge["payment_intent"] = None
    kept = world.store.get("card", method["id"])
    charge["source"] = kept or tokens.card(world, method["card"], {})
    card = payment_methods.card_of(method)
    why = card.decline if card and declines.applies(card, method) else None
    if card and not why and card.secure in {"always", "unless_saved"}:
        why = declines.AUTHENTICATION_REQUIRED
    if card and why:
        charges.decline(world, charge, why, blocked=card.blocked)
        members = declines.members(why)
        message, code = members.pop("message"), members.pop("code")
        raise errors.card(message, code, charge=charge["id"], **members)
    captured = call.get("capture", True)
    charges.approve(world, charge, captured=captured, challenge=False)
    if captured:
        charges.book(world, charge, now=True)
    events.emit(world, "charge.succeeded", charge)
    if captured:
        disputes.follow(world, charge)
    return charge


def order(call: Call, currency: str) -> dict[str, Any]:
    """What a charge takes from its intent, from the call instead."""
    names = (
        "customer description receipt_email shipping statement_descriptor_suffix "
        "transfer_group"
    )
    return {name: call.get(name) for name in names.split()} | {
        "id": None,
        "amount": call.params["amount"],
        "currency": currency,
        "metadata": call.get("metadata") or {},
    }


def source(world: World, call: Call) -> Object:
    id = call.get("source") or call.get("card")
    if id is None and "customer" in call:
        customer = customers.find(world, call.params["customer"])
        id = customer["default_source"]
        if id is None:
            message = "Cannot charge a customer that has no active card"
            raise errors.card(message, "missing", param="card")
    if id is None:
        raise errors.invalid("Must provide source or customer.")
    if id.startswith("tok_"):
        data = {"type": "card", "card": {"token": id}}
        return payment_methods.make(world, data, "source")
    return payment_methods.find(world, id, "source")


def refund(world: World, call: Call) -> Object:
    """``/charges/ch_1/refunds``: the charge is in the URL. Answers the refund."""
    params = {**call.params, "charge": call.id}
    return refunds.create(world, replace(call, params=params))


def refunded(world: World, call: Call) -> Object:
    """``/charges/ch_1/refund``, still older. Answers the charge."""
    refund(world, call)
    return charges.find(world, call.id)


def refunds_of(world: World, call: Call) -> Object:
    params = {**call.params, "charge": charges.find(world, call.id)["id"]}
    return refunds.list_(world, replace(call, params=params))


def capture(world: World, call: Call) -> Object:
    """Take a charge that was only authorised."""
    charge = charges.find(world, call.id)
    if charge["captured"]:
        message = f"Charge {charge['id']} has already been captured."
        code = "charge_already_captured"
        raise errors.ApiError(400, message, saved=True, code=code)
    amount = call.get("amount", charge["amount"])
    currencies.check_positive(amount, "amount")
    if amount > charge["amount"]:
        message = "You cannot capture more than the amount that was authorized."
        raise errors.invalid(message, "amount", code="amount_too_large")
    charge["captured"], charge["amount_captured"] = True, amount
    charges.book(world, charge, now=True)
    events.emit(world, "charge.captured", charge)
    return charge
