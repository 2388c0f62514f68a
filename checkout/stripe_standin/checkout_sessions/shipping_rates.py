"""Shipping rates, as far as a Checkout Session shows them.

Source: https://docs.stripe.com/api/shipping_rates.
"""

from typing import Any

from ..protocol import errors
from ..world.store import Object
from ..world.world import World

KIND = "shipping_rate"

OPTION = (
    "shipping_rate:str shipping_rate_data{display_name:str! type:fixed_amount "
    "delivery_estimate:any metadata:metadata tax_code:str "
    "tax_behavior:exclusive|inclusive|unspecified "
    "fixed_amount{amount:int! currency:str! currency_options:any}} "
)


def make(world: World, option: dict[str, Any]) -> Object:
    """The rate that an option names or describes."""
    if "shipping_rate" in option:
        return find(world, option["shipping_rate"])
    data = option.get("shipping_rate_data") or {}
    if "fixed_amount" not in data:
        raise errors.missing("shipping_options[0][shipping_rate_data][fixed_amount]")
    return world.store.put(
        {
            "id": world.ids.make("shr_1"),
            "object": KIND,
            "active": True,
            "created": world.now(),
            "delivery_estimate": None,
            "display_name": data["display_name"],
            "fixed_amount": {
                "amount": data["fixed_amount"]["amount"],
                "currency": data["fixed_amount"]["currency"].lower(),
            },
            "livemode": False,
            "metadata": data.get("metadata", {}),
            "tax_behavior": data.get("tax_behavior", "unspecified"),
            "tax_code": data.get("tax_code"),
            "type": "fixed_amount",
        }
    )


def find(world: World, id: str) -> Object:
    rate = world.store.get(KIND, id)
    if rate is None:
        raise errors.absent("shipping rate", id)
    return rate
