"""What the dumped shop has lived through: one shopper and one order for each scene."""

from contextlib import contextmanager

from htmx_checkout import reconciliation
from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.models import Order
from htmx_checkout.payments import refund
from stripe_standin.desk import actions
from tests.support import journeys
from tests.support.cast import shopper
from tests.support.world import MINUTES, dying_at

# A bank that takes three minutes to say yes.
SLOW_IBAN = "AT321904300235473204"


def told(world):
    """Stripe has said what it had to say, and the host has heard of it."""
    while world.deliver() or world.work():
        pass


def refunded(world):
    journeys.told(world)
    refund.refund(journeys.payment(), 4200, wanted_by="staff")


def refunded_in_part(world):
    journeys.told(world)
    journeys.pay_back(world)


def captured(world):
    journeys.authorised_here(world)
    journeys.capture(world)


def released(world):
    journeys.authorised_here(world)
    journeys.release(world)


def dispute_lost(world):
    journeys.disputed_there(world)
    told(world)
    (newest, *_) = world.engine.store.newest("dispute")
    actions.act(world.engine, "decide_dispute", {"id": newest["id"], "status": "lost"})


def refund_came_back(world):
    journeys.told(world)
    journeys.pay_back(world)
    told(world)
    (newest, *_) = world.engine.store.newest("refund")
    actions.act(world.engine, "fail_refund", {"id": newest["id"]})


def cancelled(world):
    journeys.opened(world)
    journeys.give_up(world)


def stray(world):
    """Money by an intent of nobody's, which names an order that was cancelled."""
    cancelled(world)
    told(world)
    journeys.pay_elsewhere(world)


def late(world):
    """Money for an order that somebody cancelled by hand, in the database."""
    journeys.opened(world)
    Order.objects.filter(pk=journeys.order().pk).update(status="cancelled")
    world.pay()


def another_amount(world):
    """Somebody has changed the intent at Stripe, and it was paid."""
    journeys.opened(world)
    world.client.v1.payment_intents.update(world.intent_id, {"amount": 4300})
    world.pay()


def parked(world):
    """A worker died over a message that may be tried once at most."""
    journeys.paid_here(world)
    with dying_at(Failpoint.HEARD):
        world.work()
    reconcile(world)


def abandoned(world):
    journeys.abandoned(world)
    reconcile(world)


def processing(world):
    journeys.debited_there(world, SLOW_IBAN)
    world.deliver()


def held(world):
    journeys.authorised_here(world)


def untold(world):
    """Paid, and no worker has come yet."""
    journeys.paid_here(world)


def reconcile(world):
    world.later(20 * MINUTES)
    summary = reconciliation.run()
    assert summary.is_clean, summary.as_dict()
    told(world)


MANUAL = {"CAPTURE_METHOD": "manual"}
# Those that end in something: all of them are told, and reconciled.
ENDED = (
    (abandoned, {}),
    (journeys.told, {}),
    (journeys.declined_there, {}),
    (captured, MANUAL),
    (released, MANUAL),
    (cancelled, {}),
    (refunded, {}),
    (refunded_in_part, {}),
    (journeys.refunded_there, {}),
    (refund_came_back, {}),
    (journeys.disputed_there, {}),
    (dispute_lost, {}),
    (journeys.paid_beside, {}),
    (stray, {}),
    (late, {"LATE_MONEY": "honour"}),
    (another_amount, {}),
    (parked, {"AT_MOST_ONCE": ("order_paid",)}),
)
# Those that are on their way when the rows are written.
UNDER_WAY = (
    (held, MANUAL),
    (journeys.opened, {}),
    (processing, {"CURRENCY": "eur"}),
    (untold, {}),
)


def play(world, settings):
    """Let all of it happen in ``world``."""
    for scene, given in ENDED:
        with shopping(world, settings, given):
            scene(world)
            told(world)
    reconcile(world)
    reconcile(world)
    for scene, given in UNDER_WAY:
        with shopping(world, settings, given):
            scene(world)


@contextmanager
def shopping(world, settings, given):
    """Another shopper, while ``given`` are settings of the app."""
    before = settings.CHECKOUT
    settings.CHECKOUT = before | given
    world.browser = shopper()
    yield
    settings.CHECKOUT = before
