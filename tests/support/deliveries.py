"""What the tests of deliveries share: a payment with five events, and how it ends.

`tests/money/test_deliveries.py` goes through some orders of the events,
`tests/proofs/test_deliveries.py` through all of them.
"""

import time
from collections.abc import Callable
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from typing import Any

import pytest
import stripe
from django.db import connection

from htmx_checkout.models import Payment
from htmx_checkout.webhooks import process
from stripe_standin.desk import actions
from stripe_standin.engine.engine import Engine
from stripe_standin.world.clock import ManualClock
from stripe_standin.world.ids import Ids
from tests.support.cast import PAYS, ask_json, return_url, shopper, signed
from tests.support.transport import BASE_URL, Line
from tests.support.world import hearing

EVENTS = (
    "payment_intent.created",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.succeeded",
    "charge.refunded",
)
# What counts in the end, in one statement: it is asked tens of thousands of times.
# All as text, since PostgreSQL puts only like beneath like.
DUMP = """
    SELECT 'order', status, CAST(amount AS TEXT), '' FROM htmx_checkout_order
    UNION ALL SELECT 'payment', status, CAST(amount_received AS TEXT),
        CAST(amount_refunded AS TEXT) FROM htmx_checkout_payment
    UNION ALL SELECT 'refund', status, CAST(amount AS TEXT), wanted_by
        FROM htmx_checkout_refund
    UNION ALL SELECT 'message', name,
        CASE WHEN done_at IS NULL THEN 'undone' ELSE 'done' END, CAST(tries AS TEXT)
        FROM htmx_checkout_outboxmessage WHERE name <> 'payment_failed'
    UNION ALL SELECT 'incident', kind, CAST(amount AS TEXT),
        CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END
        FROM htmx_checkout_incident
    UNION ALL SELECT 'heard', substr(name, 1, 8), CAST(COUNT(*) AS TEXT),
        CAST(COUNT(DISTINCT substr(name, 1, length(name) - 37)) AS TEXT)
        FROM auth_group WHERE name NOT LIKE 'payment_failed%%'
        GROUP BY substr(name, 1, 8)
    UNION ALL SELECT 'events', 'processed', CAST(COUNT(*) AS TEXT),
        CAST(COUNT(DISTINCT stripe_id) AS TEXT)
        FROM htmx_checkout_webhookevent WHERE done_at IS NOT NULL"""
# The order is paid once, 12.00 of it are paid back once, and each has been heard.
END = [
    ("events", "processed", "5", "5"),
    ("heard", "order_pa", "1", "1"),
    ("heard", "order_re", "1", "1"),
    ("message", "order_paid", "done", "0"),
    ("message", "order_refunded", "done", "0"),
    ("order", "paid", "4200", ""),
    ("payment", "succeeded", "4200", "1200"),
    ("refund", "succeeded", "1200", "stripe"),
]


class Story:
    """One payment at Stripe, as it stood after each of its five events.

    ``engines`` are five copies of Stripe, one for each moment; ``line`` is connected
    to one of them.
    """

    def __init__(self, line: Line) -> None:
        self.line = line
        self.browser = shopper()
        line.engine.register("http://shop.test/")
        said = ask_json(self.browser, {"email": "ada@example.com"}).json()
        payment = Payment.objects.select_related("order").get()
        self.back = return_url(payment.order, payment, said["clientSecret"])
        self.intent = payment.stripe_id
        self.engines = [deepcopy(line.engine)]
        for happens in (self._debit, self._fail, self._pay, self._refund):
            happens()
            self.engines.append(deepcopy(line.engine))
        self.bodies = {
            one.event_type: one.payload
            for one in line.engine.deliveries.by_id.values()
            if one.event_type in EVENTS
        }
        assert set(self.bodies) == set(EVENTS)

    def _debit(self) -> None:
        debit = {
            "type": "sepa_debit",
            "sepa_debit": {"iban": "AT611904300234573201"},
            "billing_details": {"name": "Ada", "email": "ada@example.com"},
        }
        mandate = {"customer_acceptance": {"type": "offline"}}
        self._confirm({"payment_method_data": debit, "mandate_data": mandate})

    def _fail(self) -> None:
        actions.act(self.line.engine, "fail", {"id": self.intent})

    def _pay(self) -> None:
        self._confirm({"payment_method": PAYS})

    def _refund(self) -> None:
        actions.act(self.line.engine, "refund", {"id": self.intent, "amount": 1200})

    def _confirm(self, params) -> None:
        client = stripe.StripeClient("sk_test_desk", base_addresses={"api": BASE_URL})
        given = params | {"return_url": "https://shop.example/"}
        client.v1.payment_intents.confirm(self.intent, given)

    def set(self, moment: int) -> None:
        """Let Stripe's truth be that of ``moment``, from 0 to 4."""
        self.line.engine = self.engines[moment]

    def deliver(self, kind: str) -> None:
        body = self.bodies[kind]
        process.receive(body, signed(body))

    def come_back(self) -> None:
        assert self.browser.get(self.back).status_code == 303

    def act(self, kind: str) -> Callable[[], None]:
        """What brings ``kind`` here: an event, or the browser for "return"."""
        return self.come_back if kind == "return" else partial(self.deliver, kind)

    def forget(self) -> None:
        """Let the app have lost the answer to its creation."""
        Payment.objects.update(stripe_id=None, status="creating", asked_at=None)


@contextmanager
def story(settings: Any, monkeypatch: Any):
    """A story that is over at Stripe, and nothing of it has come here."""
    settings.CHECKOUT = settings.CHECKOUT | {
        "API_BASE": BASE_URL,
        "ORDER_SOURCE": "htmx_checkout.sources.session_total",
        "LINE_CONTROLS": "",
        "CURRENCY": "eur",
    }
    # A clock that stands, or the bank decides while the tests run; and a seed, since
    # a source of real randomness cannot be copied.
    clock, ids = ManualClock(time.time()), Ids("deliveries")
    line = Line(Engine(clock=clock, ids=ids, base_url=BASE_URL))
    line.lay(monkeypatch)
    with hearing():
        yield Story(line)


def dump() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(DUMP)
        return sorted(tuple(row) for row in cursor.fetchall())


def differs(word) -> None:
    """Say what has come out otherwise, and after what."""
    if dump() != END:
        pytest.fail(f"{' '.join(word)} ends as {dump()}")


def failures() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM auth_group WHERE name LIKE 'payment_failed%%'"
        )
        return cursor.fetchone()[0]
