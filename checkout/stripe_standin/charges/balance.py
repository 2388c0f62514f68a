"""Balance transactions: what a charge, refund or dispute did to the balance.

Source: https://docs.stripe.com/api/balance_transactions. The fee is that of
a European card, 1.5 % and 20 minor units: a plausible figure, no more.
"""

from ..protocol import errors, lists
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World

KIND = "balance_transaction"
AVAILABLE_AFTER_SECONDS = 7 * 24 * 3600

LIST = lists.PAGE + "created:range currency:str payout:str source:str type:str "


def post(
    world: World, type: str, category: str, amount: int, source: Object, fee: int = 0
) -> Object:
    """Book ``amount`` (minor units, negative when money leaves) for ``source``."""
    bypass = bool(source.get("_bypass"))
    wait = 0 if bypass else AVAILABLE_AFTER_SECONDS
    currency = source["currency"]
    return world.store.put(
        {
            "id": world.ids.make("txn_3"),
            "object": KIND,
            "amount": amount,
            "available_on": world.now() + wait,
            "balance_type": "payments",
            "created": world.now(),
            "currency": currency,
            "description": source.get("description"),
            "exchange_rate": None,
            "fee": fee,
            "fee_details": fees(fee, currency),
            "net": amount - fee,
            "reporting_category": category,
            "source": source["id"],
            "status": "available" if bypass else "pending",
            "type": type,
        }
    )


def fees(fee: int, currency: str) -> list[Object]:
    if not fee:
        return []
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]


def post_charge(world: World, charge: Object) -> Object:
    """Book a captured charge once; later calls find what is there."""
    if charge["balance_transaction"]:
        return world.store.by_id[charge["balance_transaction"]]
    amount = charge["amount_captured"]
    fee = min(amount, amount * 15 // 1000 + 20)
    card = charge["id"].startswith("ch_")
    type = "charge" if card else "payment"
    booked = post(world, type, "charge", amount, charge, fee)
    charge["balance_transaction"] = booked["id"]
    return booked


def catch_up(world: World, charge: Object) -> None:
    """The late half of an asynchronous capture: fill in what was null."""
    if charge["balance_transaction"] or not charge["captured"]:
        return
    post_charge(world, charge)
    events.emit(world, "charge.updated", charge, {"balance_transaction": None})


def status(world: World, item: Object) -> Object:
    if item["status"] == "pending" and item["available_on"] <= world.now():
        item["status"] = "available"
    return item


def retrieve(world: World, call: Call) -> Object:
    item = world.store.get(KIND, call.id)
    if item is None:
        raise errors.absent("balance transaction", call.id)
    return status(world, item)


def list_(world: World, call: Call) -> Object:
    found = [
        status(world, item)
        for item in world.store.newest(KIND)
        if all(
            item[name] == call.params[name]
            for name in ("currency", "source", "type")
            if name in call
        )
    ]
    return lists.page(world, found, call)


def total(world: World, call: Call) -> Object:
    """``GET /v1/balance``: what is there, per currency."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for item in world.store.newest(KIND):
        pot = sums[status(world, item)["status"]]
        pot[item["currency"]] = pot.get(item["currency"], 0) + item["net"]
    currencies = sorted({c for pot in sums.values() for c in pot} | {"gbp"})
    shown = {
        name: [
            {
                "amount": pot.get(currency, 0),
                "currency": currency,
                "source_types": {"card": pot.get(currency, 0)},
            }
            for currency in currencies
        ]
        for name, pot in sums.items()
    }
    return {"object": "balance", "livemode": False, **shown}
