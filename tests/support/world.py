"""Everything around the app: Stripe, a browser, a worker, cron, and the time.

Each is a few lines that do what the real one does, in this process and in a known
order, so that a test can stop one of them anywhere and let the others go on.
"""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import stripe
import time_machine
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from htmx_checkout import reconciliation
from htmx_checkout.core import failpoints
from htmx_checkout.models import (
    Dispute,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
)
from htmx_checkout.models.statuses import DEAD
from htmx_checkout.outbox import deliver
from stripe_standin.engine.engine import Engine
from stripe_standin.world.deliveries import Delivery
from tests.support.cast import ADA, PAYS, ask_json, shopper
from tests.support.transport import BASE_URL, Line

# What the stand-in signs with, and the app knows.
SECRET = "whsec_exhaustive"
MINUTES, HOURS = 60, 3600


class Killed(BaseException):
    """The process is gone: nothing after this line happens, not even an except."""


@contextmanager
def dying_at(stop: failpoints.Failpoint, occurrence: int = 1, *, must: bool = True):
    """Die where ``stop`` is reached for the ``occurrence``-th time.

    Whatever transaction is open there is rolled back, as by a server whose client
    is gone. Not to get there is a mistake of the test, unless it need not (``must``).
    """
    left = occurrence

    def watch(reached: failpoints.Failpoint) -> None:
        nonlocal left
        left -= reached == stop
        if reached == stop and not left:
            raise Killed

    failpoints.watchers.append(watch)
    try:
        yield
    except Killed:
        return
    finally:
        failpoints.watchers.remove(watch)
    if must:
        raise AssertionError(f"{stop.name} was not reached for the {occurrence}. time.")


@contextmanager
def tracing():
    """Yields the list of stops that are reached meanwhile."""
    trace: list[failpoints.Failpoint] = []
    failpoints.watchers.append(trace.append)
    try:
        yield trace
    finally:
        failpoints.watchers.remove(trace.append)


class World:
    """One shop, one shopper and one Stripe."""

    def __init__(self, line: Line, traveller: Any) -> None:
        self.line, self.traveller = line, traveller
        self.client = stripe.StripeClient(
            "sk_test_desk", base_addresses={"api": BASE_URL}, max_network_retries=0
        )
        self.webhook = Client()
        self.meet()

    def meet(self) -> None:
        """A new shopper, and a Stripe that knows our webhook."""
        self.browser = shopper()
        self.engine.register("http://shop.test/", SECRET)
        # What the browser of the paying page knows.
        self.secret, self.return_url = "", ""

    @property
    def engine(self) -> Engine:
        return self.line.engine

    def later(self, seconds: float) -> None:
        """Time passes for everybody."""
        self.traveller.shift(seconds)
        self.engine.tick()

    # --- The shopper ---------------------------------------------------------

    def open(self) -> Any:
        """Press "Continue to payment"; the script asks again where it was told to."""
        answer = ask_json(self.browser, {"email": ADA})
        if answer.status_code == 200:
            said = answer.json()
            self.secret, self.return_url = said["clientSecret"], said["returnUrl"]
        return answer

    def pay(self, method: str = PAYS) -> Any:
        """Confirm what the browser holds, as Stripe.js would."""
        params = {"payment_method": method, "return_url": "https://shop.example/"}
        try:
            return self.client.v1.payment_intents.confirm(self.intent_id, params)
        except stripe.StripeError as error:
            return error

    @property
    def intent_id(self) -> str:
        return self.secret.partition("_secret_")[0]

    def come_back(self) -> Any:
        """Stripe sends the browser back."""
        query = {
            "payment_intent": self.intent_id,
            "payment_intent_client_secret": self.secret,
        }
        return self.browser.get(urlsplit(self.return_url).path, query)

    def look(self) -> Any:
        """Look at how the order stands, if there is one."""
        order = Order.objects.order_by("-pk").first()
        if order is not None:
            self.browser.get(reverse("htmx_checkout:status", args=[order.token]))

    def shop(self, method: str = PAYS) -> None:
        """All that a shopper does: press the button, pay what there is to pay, look."""
        if self.open().status_code == 200:
            self.pay(method)
            self.come_back()
        self.look()

    # --- Stripe --------------------------------------------------------------

    def waiting(self, kind: str = "") -> list[Delivery]:
        """Deliveries that are due, of events of ``kind`` or of any."""
        found = self.engine.due()
        return [one for one in found if kind in ("", one.event_type)]

    def deliver(self, kind: str = "") -> int:
        """Post what is due; who dies over one has given no answer to it."""
        due = self.waiting(kind)
        for one in due:
            request, status = self.engine.post(one), None
            try:
                status = self.receive(request)
            finally:
                self.engine.delivered(one, status)
        return len(due)

    def receive(self, request: Any) -> int:
        response = self.webhook.generic(
            "POST",
            reverse("htmx_checkout:webhook"),
            request.body,
            content_type="application/json",
            headers={"Stripe-Signature": request.headers["stripe-signature"]},
        )
        return int(response.status_code)

    # --- A worker, and cron --------------------------------------------------

    def work(self) -> int:
        """A worker takes what is ready until nothing is.

        One that dies leaves its task marked as running, for ever.
        """
        done = 0
        while (task := DBTaskResult.objects.ready().first()) is not None:
            task.claim("worker")
            task.task.call(*task.task_result.args)
            task.set_successful(None)
            done += 1
        return done

    def reconcile(self, times: int = 1) -> None:
        """Cron runs it, and each time a while after the last."""
        for _ in range(times):
            self.later(20 * MINUTES)
            summary = reconciliation.run()
            assert summary.is_clean, summary.as_dict()
            self.work()


@contextmanager
def world(settings: Any, monkeypatch: Any, *, tick: bool = True, **checkout: Any):
    """A world at this moment; ``checkout`` are settings of the app in lower case.

    Without ``tick`` time passes only where ``later`` says so.
    """
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.CHECKOUT = settings.CHECKOUT | {
        "API_BASE": BASE_URL,
        "ORDER_SOURCE": "htmx_checkout.sources.session_total",
        "LINE_CONTROLS": "",
        "CURRENCY": "gbp",
        "WEBHOOK_SECRETS": (SECRET,),
        **{name.upper(): value for name, value in checkout.items()},
    }
    with time_machine.travel(time.time(), tick=tick) as traveller:
        line = Line(Engine(clock=time.time, base_url=BASE_URL))
        line.lay(monkeypatch)
        with hearing():
            yield World(line, traveller)


def times_heard() -> Counter[str]:
    """How often the host of ``hearing`` has heard of each thing."""
    rows = Group.objects.values_list("name", flat=True)
    return Counter(row.rpartition(" ")[0] for row in rows)


@contextmanager
def hearing():
    """A host that writes into this database what it has heard, and how often."""

    def hear(signal: Any, **carried: Any) -> None:
        (name,) = (n for n, (s, *_) in deliver.SIGNALS.items() if s is signal)
        about = carried[deliver.SIGNALS[name][2]]
        # A row for each time, in a table that nothing else here uses.
        Group.objects.create(name=f"{name} {about.pk} {uuid4()}")

    for signal, *_ in deliver.SIGNALS.values():
        signal.connect(hear)
    try:
        yield
    finally:
        for signal, *_ in deliver.SIGNALS.values():
            signal.disconnect(hear)


# --- A branch of what could happen ---------------------------------------------


@contextmanager
def branch(*acts):
    """Do ``acts`` and what follows from them, and take it all back in the end.

    A savepoint that stands for the test's own transaction, in which Stripe may be
    asked. What waits for a commit is done after each act, as if it had committed.
    """
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        for act in acts:
            act()
            commit()
        yield
        transaction.set_rollback(True)


def commit() -> None:
    while connection.run_on_commit:
        _sids, work, _robust = connection.run_on_commit.pop(0)
        work()


# --- What there is to see in the end -----------------------------------------


def picture(engine: Engine) -> list[str]:
    """All that counts, in words that are the same in every run.

    Without ids, times, and attempts and orders that came to nothing.
    """
    return sorted(here() + there(engine))


def here() -> list[str]:
    """What the app holds."""
    payments = Payment.objects.exclude(status__in=DEAD, amount_received=0)
    told = {payment.order_id for payment in payments}
    orders = [o for o in _all(Order) if not o.is_cancelled or o.pk in told]
    return [
        *(f"order {o.status} {o.amount}" for o in orders),
        *(
            f"payment {p.status} {p.amount_received} back {p.amount_refunded}"
            for p in payments
        ),
        *(f"refund {r.status} {r.amount} by {r.wanted_by}" for r in _all(Refund)),
        *(f"dispute {d.status} {d.amount}" for d in _all(Dispute)),
        *(
            f"message {e.name} {_state(e)} heard {_heard(e)}"
            for e in _all(OutboxMessage)
        ),
        *(f"incident {e.kind} {_open(e)}" for e in _all(Incident)),
    ]


def there(engine: Engine) -> list[str]:
    """What Stripe holds."""
    intents = engine.store.newest("payment_intent")
    refunds = engine.store.newest("refund")
    return [
        *(
            f"intent {i['status']} {i['amount_received']}"
            for i in intents
            if i["status"] != "canceled"
        ),
        *(f"Stripe's refund {r['status']} {r['amount']}" for r in refunds),
    ]


def _all(table: Any) -> Any:
    return table.objects.all()


def _state(message: OutboxMessage) -> str:
    if message.parked_at:
        return "parked"
    return "done" if message.done_at else "undone"


def _heard(message: OutboxMessage) -> int:
    return times_heard()[f"{message.name} {message.object_id}"]


def _open(incident: Incident) -> str:
    return "closed" if incident.closed_at else "open"


Act = Callable[[World], Any]
