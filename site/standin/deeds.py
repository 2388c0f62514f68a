"""What the stand-in does by itself when a timer is due, by name."""

from collections.abc import Callable

from standin import balance, captures, debits, payment_pages, refunds
from standin.store import Object
from standin.timers import Timer
from standin.world import World

Deed = Callable[[World, Object], None]

DEEDS: dict[str, Deed] = {
    "book_charge": balance.catch_up,
    "expire_hold": captures.expire_hold,
    "expire_session": payment_pages.end,
    "fail_refund": refunds.fail,
    "settle_debit": debits.settle,
    "settle_refund": refunds.settle,
}


def do(world: World, timer: Timer) -> None:
    """Do it, unless its object is gone. No API call is the cause of it."""
    item = world.store.find(timer.id)
    if item is not None:
        DEEDS[timer.name](world, item)
