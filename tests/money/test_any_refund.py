"""Whatever is paid back, by whom, and whatever becomes of it: never more than came.

Hypothesis plays staff, dashboard, bank, Stripe's events, cron and the end of the
process in any order, and after each step the ledger is read. In the end everybody
does what is left to do, and both sides hold the same.
"""

import time
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from htmx_checkout import reconciliation
from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.exceptions import CheckoutError
from htmx_checkout.models import Incident, Order, Payment, Refund
from htmx_checkout.models.statuses import AWAY
from htmx_checkout.payments import refund as refunding
from htmx_checkout.reconciliation import ledger
from stripe_standin.desk import actions
from stripe_standin.engine.engine import Engine
from tests.support.transport import BASE_URL
from tests.support.world import HOURS, MINUTES, Killed, World, branch, dying_at, world

pytestmark = pytest.mark.django_db

CAME = 4200
AMOUNTS = st.one_of(st.integers(1, CAME + 1), st.sampled_from([1, 2100, CAME]))
STOPS = (None, Failpoint.REFUND_PLANNED, Failpoint.REFUND_ASKED, Failpoint.REFUND_KEPT)
CARDS = ("pm_card_visa", "pm_card_pendingRefund", "pm_card_refundFail")
EVER = timedelta(days=30)


class Refunding(RuleBasedStateMachine):
    """One paid order of 42.00. ``scene`` is the world, set by the test."""

    scene: World

    def __init__(self) -> None:
        super().__init__()
        self.branch = branch()
        self.branch.__enter__()
        self.scene.traveller.move_to(self.scene.started)
        self.scene.line.engine = Engine(clock=time.time, base_url=BASE_URL)
        self.scene.meet()
        self.card = ""

    def teardown(self) -> None:
        try:
            if self.card:
                self.all_that_is_left_to_do()
        finally:
            self.branch.__exit__(None, None, None)

    # --- What can happen -----------------------------------------------------

    @precondition(lambda self: not self.card)
    @rule(card=st.sampled_from(CARDS))
    def ada_pays(self, card):
        self.scene.shop(card)
        self.card = card
        assert Order.objects.get().is_paid

    @property
    def payment(self) -> Payment:
        return Payment.objects.get()

    @precondition(lambda self: self.card)
    @rule(amount=AMOUNTS, dies=st.sampled_from(STOPS))
    def staff_pays_back(self, amount, dies):
        pay_back = lambda: refunding.refund(self.payment, amount, wanted_by="x")  # noqa: E731
        self.perhaps(dies, pay_back)

    @precondition(lambda self: Refund.objects.exists())
    @rule(dies=st.sampled_from(STOPS))
    def a_worker_carries_out(self, dies):
        for planned in Refund.objects.filter(status="creating"):
            self.perhaps(dies, lambda pk=planned.pk: refunding.send(pk))

    @precondition(lambda self: self.card)
    @rule(amount=AMOUNTS)
    def the_dashboard_pays_back(self, amount):
        intent = self.payment.stripe_id
        try:
            self.act("refund", id=intent, amount=amount)
        except ValueError:
            assert amount > CAME - self.away_there()

    @precondition(lambda self: self.there())
    @rule(pick=st.integers(0), settles=st.booleans())
    def the_bank_decides(self, pick, settles):
        made = self.there()
        chosen = made[pick % len(made)]
        if settles:
            self.act("settle_refund", id=chosen["id"])
        elif chosen["status"] in ("pending", "succeeded"):
            self.act("fail_refund", id=chosen["id"])

    @precondition(lambda self: self.scene.waiting())
    @rule(pick=st.integers(0))
    def stripe_knocks(self, pick):
        due = self.scene.waiting()
        self.scene.deliver(due[pick % len(due)].event_type)

    @precondition(lambda self: self.card)
    @rule()
    def cron_runs(self):
        reconciliation.run()

    @precondition(lambda self: self.card)
    @rule(seconds=st.sampled_from([MINUTES, 25 * HOURS]))
    def time_passes(self, seconds):
        self.scene.later(seconds)

    @precondition(lambda self: self.card)
    @rule()
    def a_worker_works(self):
        self.scene.work()

    # --- What holds after each of it -------------------------------------------

    @invariant()
    def never_more_goes_back_than_came(self):
        if not self.card:
            return
        rows = Refund.objects.filter(status__in=[*AWAY, "creating"])
        assert self.away_there() <= CAME
        assert sum(row.amount for row in rows if row.status in AWAY) <= CAME
        assert ledger.violations() == []
        numbers = [made["metadata"].get("refund") for made in self.there()]
        named = [number for number in numbers if number]
        assert len(named) == len(set(named))

    def all_that_is_left_to_do(self) -> None:
        """Twice, and with a look at all that ever was."""
        for _ in range(2):
            self.scene.later(15 * MINUTES)
            self.scene.deliver()
            reconciliation.run(window=EVER)
            self.scene.work()
        found = {
            (made["id"], made["amount"], made["status"] == "failed")
            for made in self.there()
        }
        rows = Refund.objects.exclude(stripe_id=None)
        assert found == {
            (row.stripe_id, row.amount, row.status == "failed") for row in rows
        }
        assert not Refund.objects.filter(status="creating").exists()
        assert self.payment.amount_refunded == self.away_there()
        assert Order.objects.get().is_paid
        failed = Refund.objects.filter(status="failed").exclude(stripe_id=None)
        told = Incident.objects.filter(kind="refund_failed")
        assert set(told.values_list("subject", flat=True)) == {
            row.stripe_id for row in failed
        }
        assert ledger.violations() == []

    # --- Helps ---------------------------------------------------------------

    def there(self):
        return list(self.scene.engine.store.newest("refund"))

    def away_there(self) -> int:
        return sum(r["amount"] for r in self.there() if r["status"] != "failed")

    def act(self, name, **given):
        return actions.act(self.scene.engine, name, given)

    def perhaps(self, dies, work) -> None:
        """Do it, and die on the way where it gets that far."""
        try:
            if dies is None:
                work()
            else:
                with dying_at(dies, must=False):
                    work()
        except (CheckoutError, Killed):
            pass


def test_no_more_is_paid_back_than_came_whatever_happens_f19_f20_f79(
    settings_, monkeypatch
):
    with world(settings_, monkeypatch, tick=False) as scene:
        Refunding.scene, scene.started = scene, time.time()
        run_state_machine_as_test(
            Refunding,
            settings=settings(
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.fixture
def settings_(settings):
    return settings
