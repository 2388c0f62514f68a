"""Accounts: the stand-in has one.

Source: https://docs.stripe.com/api/accounts.
"""

from ..protocol import errors, lists
from ..protocol.call import Call
from ..world.store import Object
from ..world.world import World

ID = "acct_1StandIn00000000"
OPENED = 1_700_000_000
BUSINESS_PROFILE = {
    "mcc": "5943",
    "name": "Fern & Quill",
    "product_description": None,
    "support_address": None,
    "support_email": None,
    "support_phone": None,
    "support_url": None,
    "url": None,
}


def retrieve(world: World, call: Call) -> Object:
    """``/account``, and ``/accounts/acct_…`` for whoever knows the id."""
    if call.path.get("id", ID) != ID:
        raise errors.absent("account", call.id, "account")
    return own()


def list_(world: World, call: Call) -> Object:
    """Accounts connected to this one: there are none."""
    return lists.page(world, [], call)


def own() -> Object:
    return {
        "id": ID,
        "object": "account",
        "business_profile": dict(BUSINESS_PROFILE),
        "business_type": "company",
        "capabilities": {
            "bancontact_payments": "active",
            "card_payments": "active",
            "sepa_debit_payments": "active",
            "transfers": "active",
        },
        "charges_enabled": True,
        "country": "GB",
        "created": OPENED,
        "default_currency": "gbp",
        "details_submitted": True,
        "email": "hello@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }
