"""The ways through the app, with all the points at which the process can die on them.

A journey is what happens before (``begin``), what a process is about when it dies
(``act``), and how everything stands in the end, whoever died and whoever came to the
rescue. Its ``trace`` names each stop on it in order; that it is complete is tested.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from htmx_checkout import reconciliation
from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.exceptions import CheckoutError
from htmx_checkout.models import Order, Payment
from htmx_checkout.payments import refund as refunding
from htmx_checkout.payments.cancel import cancel as cancel_order
from htmx_checkout.payments.capture import capture as capture_payment
from stripe_standin.desk import actions
from stripe_standin.protocol.faults import Fault
from tests.support.cast import DECLINES, TAKES_DAYS, fill
from tests.support.world import HOURS, MINUTES, Act, World, dying_at

S = Failpoint

CHECKOUT = (S.PLANNING, S.PLANNED, S.ASKED, S.KEEPING, S.KEPT)
SETTLE = (S.FETCHED, S.SETTLING, S.SETTLED)
DELIVERED = (S.VERIFIED, *SETTLE)
# The shop packs, and the world of the tests counts.
TELL = (S.DELIVERING, S.HEARD, S.HEARD, S.DELIVERED)
TELL_ONE = (S.DELIVERING, S.HEARD, S.DELIVERED)
# The log of the app itself hears of incidents too.
INCIDENT = TELL
ASK_REFUND = (S.REFUND_ASKED, S.SETTLING, S.REFUND_KEPT)
REFUND = (S.REFUND_PLANNED, *ASK_REFUND)
CANCEL = (S.CANCEL_ASKED, S.SETTLING, S.SETTLED)

SHOPPER, WEBHOOK, RECONCILER = "shopper", "webhook", "reconciler"
ALL = frozenset((SHOPPER, WEBHOOK, RECONCILER))

PAID = (
    "intent succeeded 4200",
    "order paid 4200",
    "payment succeeded 4200 back 0",
    "message order_paid done heard 1",
)
PAID_MORE = tuple(line.replace("4200", "5000") for line in PAID)
BACK = (
    "Stripe's refund succeeded 1200",
    "intent succeeded 4200",
    "order paid 4200",
    "payment succeeded 4200 back 1200",
    "message order_paid done heard 1",
    "message order_refunded done heard 1",
)
BACK_AGAIN = (
    *PAID,
    "Stripe's refund failed 1200",
    "refund failed 1200 by staff",
    "incident refund_failed open",
    "message incident_opened done heard 1",
    "message order_refunded done heard 1",
)
TWICE_AND_BACK = (
    *PAID,
    "intent succeeded 4200",
    "payment given_up 4200 back 4200",
    "Stripe's refund succeeded 4200",
    "refund succeeded 4200 by policy",
    "incident second closed",
    "message incident_opened done heard 1",
    "message order_refunded done heard 1",
)
DISPUTED = (*PAID, "dispute open 4200", "message dispute_opened done heard 1")
HELD = (
    "intent requires_capture 0",
    "order processing 4200",
    "payment authorised 0 back 0",
    "message order_authorised done heard 1",
)
RELEASED = ("message order_authorised done heard 1",)
CAPTURED = (*PAID, "message order_authorised done heard 1")
DECLINED_FIRST = (*PAID, "message payment_failed done heard 1")


@dataclass(frozen=True)
class Journey:
    """``heals``: who brings the end about alone, once these stops were reached.

    Whoever is not in it can do nothing there: Stripe has nothing to tell him, or
    what is missing is another one's to do. ``staff`` is what people do once more
    when it was not done.
    """

    begin: Act
    act: Act
    trace: tuple[Failpoint, ...]
    end: tuple[str, ...] = PAID
    heals: "Heals" = lambda reached: ALL
    staff: Act = lambda world: None
    settings: dict[str, Any] = field(default_factory=dict)


Heals = Callable[[frozenset[Failpoint]], frozenset[str]]


def only(*who: str) -> Heals:
    return lambda reached: frozenset(who)


def once(asked: Failpoint, *who: str, before: str = "") -> Heals:
    """``who`` from the stop ``asked`` on, when Stripe has something to tell."""
    return lambda reached: frozenset(
        who if asked in reached else filter(None, [before])
    )


def order() -> Order:
    return Order.objects.order_by("pk").last()


def payment() -> Payment:
    return Payment.objects.select_related("order").order_by("pk").last()


# --- Scenes ------------------------------------------------------------------


def nothing(world: World) -> None:
    pass


def opened(world: World) -> None:
    assert world.open().status_code == 200


def another_total(world: World) -> None:
    opened(world)
    fill(world.browser, 5000)


def lost_answer(world: World) -> None:
    """Stripe has made the intent, and nobody here knows it."""
    with dying_at(S.ASKED):
        world.open()


def lost_answer_a_day_ago(world: World) -> None:
    lost_answer(world)
    world.later(25 * HOURS)


def nobody_asked_a_day_ago(world: World) -> None:
    with dying_at(S.PLANNED):
        world.open()
    world.later(25 * HOURS)


def paid_there(world: World) -> None:
    """Paid, the tab closed, and Stripe has not knocked yet."""
    opened(world)
    world.later(1 * MINUTES)
    world.pay()


def declined_there(world: World) -> None:
    opened(world)
    world.later(1 * MINUTES)
    world.pay(DECLINES)


def in_an_outage(world: World) -> None:
    paid_there(world)
    # The call, and its one repeat.
    world.engine.faults.add(Fault("rate_limit", 2))


def paid_here(world: World) -> None:
    """Paid, and known to be; nobody is told yet."""
    paid_there(world)
    world.come_back()
    world.look()
    world.deliver()


def told(world: World) -> None:
    paid_here(world)
    world.work()


def refunded_there(world: World) -> None:
    told(world)
    actions.act(world.engine, "refund", {"id": world.intent_id, "amount": 1200})


def failed_there(world: World) -> None:
    """A refund of ours comes back from the bank."""
    told(world)
    pay_back(world)
    world.deliver()
    world.work()
    (made,) = world.engine.store.newest("refund")
    actions.act(world.engine, "fail_refund", {"id": made["id"]})


def disputed_there(world: World) -> None:
    told(world)
    actions.act(world.engine, "dispute", {"id": world.intent_id})


def paid_beside(world: World) -> None:
    """The same order paid once more, on a page that is not ours."""
    told(world)
    pay_elsewhere(world)


def pay_elsewhere(world: World) -> None:
    """Pay the newest order by an intent that only names it."""
    made = world.client.v1.payment_intents.create(
        {
            "amount": 4200,
            "currency": "gbp",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "return_url": "https://shop.example/",
            "metadata": {
                "order": order().reference,
                "attempt": "7",
                "installation": "fern-and-quill",
            },
        }
    )
    assert made.status == "succeeded"


def stray_known(world: World) -> None:
    paid_beside(world)
    world.deliver()


def authorised_there(world: World) -> None:
    paid_there(world)


def authorised_here(world: World) -> None:
    paid_here(world)
    world.work()


def debited_there(world: World, iban: str = TAKES_DAYS) -> None:
    opened(world)
    world.later(1 * MINUTES)
    person = {"name": "Ada", "email": "ada@example.com"}
    debit = {
        "type": "sepa_debit",
        "sepa_debit": {"iban": iban},
        "billing_details": person,
    }
    params = {
        "payment_method_data": debit,
        "mandate_data": {"customer_acceptance": {"type": "offline"}},
        "return_url": "https://shop.example/",
    }
    world.client.v1.payment_intents.confirm(world.intent_id, params)


def abandoned(world: World) -> None:
    opened(world)
    world.later(25 * HOURS)


def worker_died(world: World) -> None:
    paid_here(world)
    with dying_at(S.DELIVERING):
        world.work()
    world.later(15 * MINUTES)


def refund_planned(world: World) -> None:
    told(world)
    with dying_at(S.REFUND_PLANNED):
        pay_back(world)
    world.later(15 * MINUTES)


def nobody_came(world: World) -> None:
    paid_there(world)
    world.later(15 * MINUTES)


# --- What is done ------------------------------------------------------------


def pay_back(world: World) -> None:
    refunding.refund(payment(), 1200, wanted_by="staff")


def give_up(world: World) -> None:
    cancel_order(order())


def capture(world: World) -> None:
    """Staff takes what is held, where it is still held."""
    held = payment()
    if held.status == "authorised":
        capture_payment(held)


def release(world: World) -> None:
    cancel_order(order(), "requested_by_customer")


def again(act: Act) -> Act:
    """Staff does it once more, and is refused where it is done."""

    def repeat(world: World) -> None:
        with suppress(CheckoutError):
            act(world)

    return repeat


def reconcile(world: World) -> None:
    summary = reconciliation.run()
    assert summary.is_clean, summary.as_dict()


def delivers(kind: str) -> Act:
    def deliver(world: World) -> None:
        assert world.deliver(kind), f"No {kind} is on its way."

    return deliver


def back(world: World) -> None:
    world.come_back()


def poll(world: World) -> None:
    world.look()


def press(world: World) -> None:
    world.open()


def work(world: World) -> None:
    world.work()


# --- All of them -------------------------------------------------------------

BOUGHT = only(SHOPPER)
NEWS = only(WEBHOOK, RECONCILER)
BY_CRON = only(RECONCILER)
MANUAL = {"capture_method": "manual"}

JOURNEYS: dict[str, Journey] = {
    # The checkout page. The end needs a shopper who pays.
    "checkout-creates": Journey(nothing, press, CHECKOUT, heals=BOUGHT),
    "checkout-updates": Journey(
        another_total, press, CHECKOUT, heals=BOUGHT, end=PAID_MORE
    ),
    "checkout-repeats": Journey(lost_answer, press, CHECKOUT, heals=BOUGHT),
    "checkout-finds": Journey(lost_answer_a_day_ago, press, CHECKOUT, heals=BOUGHT),
    "checkout-finds-none": Journey(
        nobody_asked_a_day_ago, press, (S.PLANNING, S.PLANNED, *CHECKOUT), heals=BOUGHT
    ),
    "checkout-reopens": Journey(opened, press, CHECKOUT, heals=BOUGHT),
    "checkout-learns": Journey(paid_there, press, CHECKOUT),
    # Settling.
    "return": Journey(paid_there, back, SETTLE),
    "poll": Journey(paid_there, poll, SETTLE),
    "webhook": Journey(paid_there, delivers("payment_intent.succeeded"), DELIVERED),
    "webhook-outage": Journey(
        in_an_outage,
        delivers("payment_intent.succeeded"),
        (S.VERIFIED, S.STORED),
    ),
    "webhook-binds": Journey(
        lost_answer, delivers("payment_intent.created"), DELIVERED, heals=BOUGHT
    ),
    "webhook-declined": Journey(
        declined_there,
        delivers("payment_intent.payment_failed"),
        DELIVERED,
        heals=BOUGHT,
        end=DECLINED_FIRST,
    ),
    "webhook-debit": Journey(
        debited_there,
        delivers("payment_intent.processing"),
        DELIVERED,
        settings={"currency": "eur"},
    ),
    "webhook-refunded": Journey(
        refunded_there,
        delivers("charge.refunded"),
        DELIVERED,
        heals=NEWS,
        end=(*BACK, "refund succeeded 1200 by stripe"),
    ),
    "webhook-refund-failed": Journey(
        failed_there, delivers("refund.failed"), DELIVERED, heals=NEWS, end=BACK_AGAIN
    ),
    "webhook-disputed": Journey(
        disputed_there,
        delivers("charge.dispute.created"),
        DELIVERED,
        heals=NEWS,
        end=DISPUTED,
    ),
    "webhook-stray": Journey(
        paid_beside,
        delivers("payment_intent.succeeded"),
        (S.VERIFIED,),
        heals=NEWS,
        end=TWICE_AND_BACK,
    ),
    "webhook-authorised": Journey(
        authorised_there,
        delivers("payment_intent.amount_capturable_updated"),
        DELIVERED,
        settings=MANUAL,
        end=HELD,
    ),
    # Workers.
    "worker-tells": Journey(paid_here, work, TELL, heals=BY_CRON),
    "worker-pays-back": Journey(
        stray_known,
        work,
        (*INCIDENT, *ASK_REFUND, *TELL_ONE),
        heals=BY_CRON,
        end=TWICE_AND_BACK,
    ),
    # Staff.
    "staff-refunds": Journey(
        told,
        pay_back,
        REFUND,
        heals=BY_CRON,
        end=(*BACK, "refund succeeded 1200 by staff"),
    ),
    "staff-cancels": Journey(opened, give_up, CANCEL, heals=BOUGHT),
    "staff-captures": Journey(
        authorised_here,
        capture,
        (S.FETCHED, S.CAPTURE_ASKED, S.SETTLING, S.SETTLED),
        heals=once(S.CAPTURE_ASKED, *ALL),
        staff=again(capture),
        settings=MANUAL,
        end=CAPTURED,
    ),
    "staff-releases": Journey(
        authorised_here,
        release,
        CANCEL,
        settings=MANUAL,
        end=RELEASED,
    ),
    # The reconciler.
    "cron-settles": Journey(nobody_came, reconcile, (S.RECONCILING, *SETTLE)),
    "cron-binds": Journey(
        lost_answer, reconcile, (S.RECONCILING, *SETTLE), heals=BOUGHT
    ),
    "cron-gives-up": Journey(
        nobody_asked_a_day_ago, reconcile, (S.RECONCILING,), heals=BOUGHT
    ),
    "cron-abandons": Journey(
        abandoned,
        reconcile,
        (S.RECONCILING, *CANCEL),
        heals=BOUGHT,
        settings={"abandon_after_hours": 24},
    ),
    "cron-tells": Journey(
        worker_died, reconcile, (S.RECONCILING, *TELL), heals=BY_CRON
    ),
    "cron-refunds": Journey(
        refund_planned,
        reconcile,
        (S.RECONCILING, *ASK_REFUND),
        heals=BY_CRON,
        end=(*BACK, "refund succeeded 1200 by staff"),
    ),
}
