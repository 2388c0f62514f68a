"""Whatever order Stripe's events come in, and however often, the end is the same.

Five events, in every order, each once or twice, and the browser's return before,
between or after them: 120 orders by 32 duplications by 6 places are 23040 sequences.
They are walked as a tree: what two sequences begin with is done once, in a savepoint,
and taken back for the next one.

In the first tree Stripe's truth is final from the beginning, as after an outage. In
the second the app has lost the answer to its creation, and does not know the intent:
120 orders by 6 places are 720. In the third the truth moves on in between, and no event
comes before it has happened: 105 ways for four steps of the truth and their events to
follow each other, by 9 places of the return, are 945. There all five events come once
more at the end, the last one first.
"""

import logging
import time
from copy import deepcopy
from functools import partial

import pytest
import stripe
from django.db import connection

from htmx_checkout.models import Payment
from htmx_checkout.reconciliation import ledger
from htmx_checkout.webhooks import process
from standin import actions
from standin.clock import ManualClock
from standin.engine import Engine
from standin.ids import Ids
from tests.cast import PAYS, ask_json, return_url, shopper, signed
from tests.transport import BASE_URL, Line
from tests.world import branch, hearing

pytestmark = pytest.mark.django_db

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


@pytest.fixture(autouse=True)
def quiet():
    """Nobody reads a million lines of log."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def story(settings, monkeypatch):
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


# --- The truth is final --------------------------------------------------------


def walk(story: Story, left: frozenset, again: tuple, word: tuple) -> int:
    """Try all that can come next; returns how many sequences were walked to the end.

    ``again`` says how often an event may come at a time. The return is one of
    ``left``, under its own name.
    """
    if not left:
        differs(word)
        return 1
    done = 0
    for kind in sorted(left):
        is_return = kind == "return"
        act = story.come_back if is_return else partial(story.deliver, kind)
        for times in (1,) if is_return else again:
            with branch(*[act] * times):
                done += walk(story, left - {kind}, again, (*word, f"{times} {kind}"))
    return done


def test_every_order_and_duplication_ends_alike_f24_f25_f26_i6(story):
    story.set(4)
    found = walk(story, frozenset((*EVENTS, "return")), (1, 2), ())
    assert found == 120 * 32 * 6 == 23_040
    assert ledger.violations() == []


def test_every_order_ends_alike_for_an_intent_that_nobody_knows_f26_f30(story):
    Payment.objects.update(stripe_id=None, status="creating", asked_at=None)
    story.set(4)
    found = walk(story, frozenset((*EVENTS, "return")), (1,), ())
    assert found == 120 * 6 == 720


# --- The truth moves on --------------------------------------------------------


def live(
    story: Story, moment: int, left: frozenset, was_seen: bool, word: tuple
) -> int:
    """As ``walk``; what has not happened yet cannot come.

    ``was_seen``: somebody here has looked while the debit had failed, and the card
    was not tried yet. Then, and only then, the host hears of that.
    """
    if not left and moment == len(EVENTS) - 1:
        with branch(*[partial(story.deliver, kind) for kind in reversed(EVENTS)]):
            differs(word)
            assert failures() == int(was_seen), " ".join(word)
        return 1
    done = 0
    if moment < len(EVENTS) - 1:
        story.set(moment + 1)
        done += live(story, moment + 1, left, was_seen, (*word, f"now {moment + 1}"))
        story.set(moment)
    for kind in sorted(left & {*EVENTS[: moment + 1], "return"}):
        act = story.come_back if kind == "return" else partial(story.deliver, kind)
        seen = was_seen or moment == EVENTS.index("payment_intent.payment_failed")
        with branch(act):
            done += live(story, moment, left - {kind}, seen, (*word, kind))
    return done


def failures() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM auth_group WHERE name LIKE 'payment_failed%%'"
        )
        return cursor.fetchone()[0]


def test_every_order_ends_alike_while_the_truth_moves_on_f26_i6_i7(story):
    story.set(0)
    left = frozenset((*EVENTS[1:], "return"))
    found = live(story, 0, left, False, ())
    assert found == 105 * 9 == 945
