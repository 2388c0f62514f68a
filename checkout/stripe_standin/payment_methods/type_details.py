"""The part of a payment method that depends on its type."""

import datetime
import hashlib
from typing import Any

from ..protocol import errors
from ..world.store import Object
from ..world.world import World
from . import banks, cards, declines
from .cards import Decline, TestCard

Notes = dict[str, Any]


def details(
    world: World, type: str, data: dict[str, Any], inside: str
) -> tuple[Object, Notes]:
    """The public details and the stand-in's own notes for ``type``."""
    given = data.get(type) or {}
    if type == "card":
        return card(world, given, within(inside, "card"))
    if type in banks.DELAYED:
        return debit(type, given, within(inside, type))
    return redirect(type, given), {}


def within(inside: str, name: str) -> str:
    return f"{inside}[{name}]" if inside else name


def card(world: World, given: dict[str, Any], where: str) -> tuple[Object, Notes]:
    if "token" in given:
        return from_token(world, given["token"], where)
    for name in ("number", "exp_month", "exp_year"):
        if name not in given:
            raise errors.missing(f"{where}[{name}]")
    known = known_card(given["number"])
    check_dates(world, given["exp_month"], given["exp_year"])
    cvc = given.get("cvc")
    check_cvc(known, cvc)
    year = full_year(given["exp_year"])
    shown = card_details(known, given["exp_month"], year, cvc is not None)
    preferred = (given.get("networks") or {}).get("preferred")
    shown["networks"]["preferred"] = preferred
    return shown, {"_card": known.token, "_cvc": cvc is not None}


def known_card(number: str) -> TestCard:
    """The test card with that number; every other number is refused."""
    digits = number.replace(" ", "").replace("-", "")
    valid = digits.isdecimal() and digits.isascii() and 12 <= len(digits) <= 19
    if not valid or not cards.passes_luhn(digits):
        raise refused(Decline("incorrect_number"), "number")
    known = cards.BY_NUMBER.get(digits)
    if known is None:
        raise refused(Decline("card_declined", "testmode_decline"), "")
    return known


def refused(decline: Decline, param: str) -> errors.ApiError:
    members = declines.members(decline) | {"param": param}
    message, code = members.pop("message"), members.pop("code")
    members.pop("network_decline_code", None)
    return errors.card(message, code, **members)


def check_dates(world: World, month: int, year: int) -> None:
    if not 1 <= month <= 12:
        message = "Your card's expiration month is invalid."
        raise errors.card(message, "invalid_expiry_month", param="exp_month")
    today = divmod(month_number(world), 12)
    if (full_year(year), month) < (today[0], today[1] + 1) or full_year(year) > 2100:
        message = "Your card's expiration year is invalid."
        raise errors.card(message, "invalid_expiry_year", param="exp_year")


def month_number(world: World) -> int:
    """Months since the year 0 at the engine's clock, in UTC."""
    today = datetime.datetime.fromtimestamp(world.now(), datetime.UTC)
    return today.year * 12 + today.month - 1


def full_year(year: int) -> int:
    return 2000 + year if 0 <= year < 100 else year


def check_cvc(known: TestCard, cvc: str | None) -> None:
    if cvc is None:
        return
    length = 4 if known.brand == "amex" else 3
    # Three digits are taken for American Express too, as Stripe does.
    if not cvc.isdecimal() or len(cvc) not in {3, length}:
        message = "Your card's security code is invalid."
        raise errors.card(message, "invalid_cvc", param="cvc")


def from_token(world: World, id: str, where: str) -> tuple[Object, Notes]:
    """A card by ``tok_visa`` or by a token that the browser made."""
    token = world.store.get("token", id)
    if token is not None and token.get("_card"):
        if token["used"]:
            message = (
                f"You cannot use a Stripe token more than once: {id}. "
                "Create a new token instead."
            )
            raise errors.invalid(message, f"{where}[token]", code="token_already_used")
        token["used"] = True
        return dict(token["_details"]), {"_card": token["_card"], "_cvc": token["_cvc"]}
    known = cards.by_token(id) if id.startswith("tok_") else None
    if known is None:
        raise errors.absent("token", id, f"{where}[token]")
    year = month_number(world) // 12 + 1
    return card_details(known, 8, year, True), {"_card": known.token, "_cvc": True}


def card_details(known: TestCard, exp_month: int, exp_year: int, cvc: bool) -> Object:
    """The ``card`` hash of a payment method."""
    return {
        "brand": known.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "unchecked" if cvc else None,
        },
        "country": known.country,
        "display_brand": known.brand,
        "exp_month": exp_month,
        "exp_year": exp_year,
        "fingerprint": fingerprint(known.token),
        "funding": known.funding,
        "generated_from": None,
        "last4": known.last4,
        "networks": {"available": [known.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": known.brand != "amex"},
        "wallet": None,
    }


def debit(type: str, given: dict[str, Any], where: str) -> tuple[Object, Notes]:
    field = "iban" if type == "sepa_debit" else "account_number"
    if field not in given:
        raise errors.missing(f"{where}[{field}]")
    number = given[field].replace(" ", "").upper()
    account = banks.account(number)
    if account is None:
        message = (
            "This account number is not one of the documented test numbers, and no "
            "other is taken here."
        )
        code = "invalid_bank_account_iban" if field == "iban" else "account_invalid"
        raise errors.invalid(message, f"{where}[{field}]", code=code)
    return bank_details(type, number, given), {"_account": account.number}


def bank_details(type: str, number: str, given: dict[str, Any]) -> Object:
    ends = {"fingerprint": fingerprint(number), "last4": number[-4:]}
    if type == "sepa_debit":
        place = {"bank_code": number[4:9], "branch_code": "", "country": number[:2]}
        return (
            place | ends | {"generated_from": {"charge": None, "setup_attempt": None}}
        )
    if type == "bacs_debit":
        return ends | {"sort_code": given.get("sort_code", "108800")}
    return ends | {
        "account_holder_type": given.get("account_holder_type", "individual"),
        "account_type": given.get("account_type", "checking"),
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": given.get("routing_number", "110000000"),
        "status_details": None,
    }


def redirect(type: str, given: Any) -> Object:
    bank = given.get("bank") if isinstance(given, dict) else None
    if type == "ideal":
        return {"bank": bank, "bic": None}
    if type in {"eps", "p24"}:
        return {"bank": bank}
    return {"dob": None} if type == "klarna" else {}


def fingerprint(text: str) -> str:
    """The same card or account has the same one, on whatever method."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
