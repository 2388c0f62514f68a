"""Early fraud warnings: the card network suspects fraud, nobody disputes yet.

Source: https://docs.stripe.com/api/radar/early_fraud_warnings.
"""

from ..protocol import errors, lists
from ..protocol.call import Call
from ..webhooks import events
from ..world.store import Object
from ..world.world import World

KIND = "radar.early_fraud_warning"
LIST = lists.PAGE + "charge:str created:range payment_intent:str "


def open_(world: World, charge: Object) -> None:
    """An early fraud warning: no dispute yet."""
    warning = {
        "id": world.ids.make("issfr_1"),
        "object": KIND,
        "actionable": True,
        "charge": charge["id"],
        "created": world.now(),
        "fraud_type": "made_with_stolen_card",
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    world.store.put(warning)
    events.emit(world, "radar.early_fraud_warning.created", warning)


def retrieve(world: World, call: Call) -> Object:
    warning = world.store.get(KIND, call.id)
    if warning is None:
        raise errors.absent("early fraud warning", call.id)
    return warning


def list_(world: World, call: Call) -> Object:
    return lists.page(world, world.store.newest(KIND), call)
