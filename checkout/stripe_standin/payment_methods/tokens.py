"""Card tokens, for clients that are older than payment methods.

Source: https://docs.stripe.com/api/tokens.
"""

from typing import Any

from ..protocol import errors
from ..protocol.call import Call
from ..world.store import Object
from ..world.world import World
from . import cards, type_details

KIND = "token"

CREATE = """
card{address_city:str~ address_country:str~ address_line1:str~ address_line2:str~
 address_state:str~ address_zip:str~ currency:str cvc:str~ exp_month:str! exp_year:str!
 name:str~ number:str! networks:any}
customer:str account:any bank_account:any cvc_update:any person:any pii:any
"""


def create(world: World, call: Call) -> Object:
    if "card" not in call:
        raise errors.missing("card")
    given = call.params["card"]
    numbers = {
        "exp_month": whole(given["exp_month"], "exp_month"),
        "exp_year": whole(given["exp_year"], "exp_year"),
    }
    details, notes = type_details.card(world, {**given, **numbers}, "card")
    return make(world, details, notes, given)


def whole(value: str, name: str) -> int:
    if not value.isdecimal() or len(value) > 4:
        word = "month" if name == "exp_month" else "year"
        message = f"Your card's expiration {word} is invalid."
        raise errors.card(message, f"invalid_expiry_{word}", param=name)
    return int(value)


def make(
    world: World, details: Object, notes: dict[str, Any], given: dict[str, Any]
) -> Object:
    return world.store.put(
        {
            "id": world.ids.make("tok_1"),
            "object": KIND,
            "card": card(world, details, given),
            "client_ip": "127.0.0.1",
            "created": world.now(),
            "livemode": False,
            "type": "card",
            "used": False,
            "_details": details,
            "_card": notes["_card"],
            "_cvc": notes["_cvc"],
        }
    )


def card(world: World, details: Object, given: dict[str, Any]) -> Object:
    """The older card object, which lives inside tokens and sources."""
    same = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding")
    brands = {"visa": "Visa", "mastercard": "MasterCard", "amex": "American Express"}
    address = {
        f"address_{part}": given.get(f"address_{part}")
        for part in ("city", "country", "line1", "line2", "state", "zip")
    }
    shown = {name: details[name] for name in same} | address
    return shown | {
        "id": world.ids.make("card_1"),
        "object": "card",
        "address_line1_check": None,
        "address_zip_check": None,
        "brand": brands.get(details["brand"], details["brand"].title()),
        "customer": None,
        "cvc_check": "unchecked" if given.get("cvc") else None,
        "dynamic_last4": None,
        "last4": details["last4"],
        "metadata": {},
        "name": given.get("name"),
        "networks": {"preferred": None},
        "regulated_status": "unregulated",
        "tokenization_method": None,
    }


def retrieve(world: World, call: Call) -> Object:
    token = world.store.get(KIND, call.id)
    if token is not None:
        return token
    known = cards.by_token(call.id) if call.id.startswith("tok_") else None
    if known is None:
        raise errors.absent("token", call.id, "token")
    year = type_details.month_number(world) // 12 + 1
    details = type_details.card_details(known, 8, year, True)
    made = make(world, details, {"_card": known.token, "_cvc": True}, {"cvc": "000"})
    return {**made, "id": call.id}
