"""What the stand-in does by itself when a timer is due, by name."""

from collections.abc import Callable

from ..charges import balance, refund_outcomes
from ..checkout_sessions import payment_pages
from ..intents import bank_debits, captures
from ..world.store import Object
from ..world.timers import Timer
from ..world.world import World

Handler = Callable[[World, Object], None]

HANDLERS: dict[str, Handler] = {
    "book_charge": balance.catch_up,
    "expire_hold": captures.expire_hold,
    "expire_session": payment_pages.end,
    "fail_refund": refund_outcomes.fail,
    "settle_debit": bank_debits.settle,
    "settle_refund": refund_outcomes.settle,
}


def do(world: World, timer: Timer) -> None:
    """Handle ``timer``, unless its object is gone. No API call is the cause."""
    item = world.store.find(timer.id)
    if item is not None:
        HANDLERS[timer.name](world, item)
