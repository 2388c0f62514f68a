"""Two who move the same money at the same moment: one of them wins, and it adds up.

Where the winner matters there is a test for each; where only the sum does, all begin
at one barrier, and any of them may win.
"""

import logging
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
import stripe
from django.contrib.auth.models import Group
from django.db.models import Sum
from django.utils import timezone
from hypothesis import settings as hypothesis

from htmx_checkout import gateway, reconciliation
from htmx_checkout.core import failpoints
from htmx_checkout.core.failpoints import Failpoint
from htmx_checkout.exceptions import CaptureRefused, RefundRefused, StripeBusy
from htmx_checkout.models import (
    Incident,
    Order,
    OutboxMessage,
    Payment,
    Refund,
    WebhookEvent,
)
from htmx_checkout.outbox import deliver
from htmx_checkout.payments import cancel, capture, sync
from htmx_checkout.payments import refund as refunding
from htmx_checkout.reconciliation import ledger
from stripe_standin.desk import actions
from tests.support.cast import event, open_payment, post_event, return_url, shopper
from tests.support.threads import at_once, same_browser
from tests.support.world import hearing, times_heard

pytestmark = pytest.mark.django_db(transaction=True)

# Old enough for the reconciler, which leaves alone what is in somebody's hands.
OLD = timedelta(minutes=5)
# Any of them may win: `make proofs` lets them race more often.
AGAIN = range(8 if hypothesis.get_current_profile_name() == "proofs" else 2)


@contextmanager
def overtaken(at: Failpoint, by):
    """Let ``by`` be done by somebody else at the moment when ``at`` is reached."""

    def watch(reached):
        if reached == at:
            failpoints.watchers.remove(watch)
            at_once(by)

    failpoints.watchers.append(watch)
    yield
    assert watch not in failpoints.watchers, f"{at.name} was not reached"


@pytest.fixture(autouse=True)
def host():
    """Counts what it hears, in this database."""
    with hearing():
        yield


@pytest.fixture(autouse=True)
def adds_up():
    yield
    assert ledger.violations() == []
    assert set(times_heard().values()) <= {1}


def age():
    """All that is here was written five minutes ago."""
    then = timezone.now() - OLD
    Payment.objects.update(key_sent_at=then, created_at=then)
    Refund.objects.update(created_at=then)
    OutboxMessage.objects.update(due_at=then)


def at_stripe(till, payment):
    """What Stripe has paid back of ``payment``, in minor units."""
    found = till.client.v1.refunds.list({"payment_intent": payment.stripe_id}).data
    return sum(item.amount for item in found if item.status == "succeeded")


def dashboard_refund(till, payment, amount=None):
    given = {"id": payment.stripe_id, "amount": amount}
    with till.server.lock:
        try:
            return actions.act(till.server.engine, "refund", given)
        except ValueError:
            return None


def pay(till, payment):
    """Ada's browser confirms; Stripe may say that it is too late."""
    return refused(stripe.InvalidRequestError, lambda: till.pay(payment.stripe_id))


def refused(error, call):
    """``call``, or the word "refused" where it is."""
    try:
        return call()
    except error:
        return "refused"


# --- Settling ----------------------------------------------------------------


def test_webhook_return_and_reconciler_at_once_pay_once_f29(till, begun):
    ada, payment = begun
    paid = till.pay(payment.stripe_id).to_dict()
    url = return_url(payment.order, payment, paid["client_secret"])
    age()
    calls = [
        lambda n=n: (
            post_event(
                event("payment_intent.succeeded", paid, id=f"evt_{n}")
            ).status_code
        )
        for n in range(4)
    ]
    calls += [lambda: same_browser(ada).get(url).status_code] * 4
    calls += [lambda: reconciliation.run().is_clean] * 4
    assert set(at_once(*calls)) == {200, 303, True}
    assert Order.objects.get().is_paid
    assert OutboxMessage.objects.get().done_at is not None
    assert list(times_heard().values()) == [1]


def test_200_duplicates_of_one_event_are_one_effect_and_no_error_f24(
    till, begun, caplog
):
    """Fifty at a time: more connections than that a PostgreSQL has not got.

    Of the first fifty, which all have to ask, some may be told to come again: not
    more than a few calls to Stripe are made at once. Stripe comes again.
    """
    _ada, payment = begun
    paid = till.pay(payment.stripe_id).to_dict()
    succeeded = event("payment_intent.succeeded", paid)
    four = lambda: [delivered(succeeded) for _ in range(4)]  # noqa: E731
    answers = at_once(*[four] * 50)
    assert [status for some in answers for status in some] == [200] * 200
    assert WebhookEvent.objects.count() == OutboxMessage.objects.count() == 1
    assert list(times_heard().values()) == [1]
    errors = [entry for entry in caplog.records if entry.levelno >= logging.ERROR]
    assert {entry.name for entry in errors} <= {"django.request"}


def delivered(body):
    """What the endpoint says in the end; anything but a 503 is the end."""
    for _ in range(10):
        status = post_event(body).status_code
        if status != 503:
            break
        time.sleep(0.2)
    return status


def test_two_reconcilers_at_once_do_nothing_twice_f18(till, begun):
    """An order to settle, a refund to repeat and a message to deliver."""
    _ada, payment = begun
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    with (
        pytest.raises(KeyError),
        overtaken(Failpoint.REFUND_PLANNED, lambda: {}["dead"]),
    ):
        refunding.refund(payment, 1200, wanted_by="staff")
    OutboxMessage.objects.update(done_at=None, heard=[])
    Group.objects.all().delete()
    open_payment(shopper(5600))
    other = Payment.objects.latest("pk")
    till.pay(other.stripe_id)
    age()
    assert all(found.is_clean for found in at_once(*[reconciliation.run] * 4))
    assert Order.objects.filter(status="paid").count() == 2
    assert Refund.objects.get().status == "succeeded"
    assert at_stripe(till, payment) == 1200
    assert not OutboxMessage.objects.filter(done_at=None).exists()
    assert len(times_heard()) == OutboxMessage.objects.count() == 3


def test_four_workers_on_one_message_are_heard_once_i3(till, paid):
    OutboxMessage.objects.update(done_at=None, heard=[])
    Group.objects.all().delete()
    message = OutboxMessage.objects.get()
    at_once(*[lambda: deliver.deliver(message.pk)] * 4)
    deliver.deliver(message.pk)
    assert list(times_heard().values()) == [1]
    assert OutboxMessage.objects.get().done_at is not None


# --- Refunds -----------------------------------------------------------------


def test_two_who_pay_back_the_whole_one_wins_and_the_other_is_refused_f79(till, paid):
    def pay_back():
        return refunding.refund(paid, wanted_by="staff").status

    answers = at_once(*[lambda: refused(RefundRefused, pay_back)] * 6)
    assert sorted(answers) == ["refused"] * 5 + ["succeeded"]
    assert at_stripe(till, paid) == Refund.objects.get().amount == 4200


def test_parts_that_are_too_much_together_are_not_all_paid_back_f79(till, paid):
    def pay_back():
        return refunding.refund(paid, 1500, wanted_by="staff").status

    answers = at_once(*[lambda: refused(RefundRefused, pay_back)] * 5)
    assert sorted(answers) == ["refused"] * 3 + ["succeeded"] * 2
    assert at_stripe(till, paid) == Payment.objects.get().amount_refunded == 3000


def test_the_dashboard_wins_and_ours_is_refused_and_kept_as_that(till, paid):
    with (
        pytest.raises(RefundRefused),
        overtaken(Failpoint.REFUND_PLANNED, lambda: dashboard_refund(till, paid)),
    ):
        refunding.refund(paid, wanted_by="staff")
    assert at_stripe(till, paid) == Payment.objects.get().amount_refunded == 4200
    found = Refund.objects.values_list("wanted_by", "status")
    assert set(found) == {("staff", "failed"), ("stripe", "succeeded")}


def test_we_win_and_the_dashboard_is_refused(till, paid):
    found = []

    def dashboard():
        found.append(dashboard_refund(till, paid))

    with overtaken(Failpoint.REFUND_ASKED, dashboard):
        refunding.refund(paid, wanted_by="staff")
    assert found == [None]
    assert at_stripe(till, paid) == Payment.objects.get().amount_refunded == 4200


def test_staff_and_the_dashboard_at_once_pay_back_once(till, paid):
    def pay_back():
        refunding.refund(paid, wanted_by="staff")

    at_once(
        lambda: refused(RefundRefused, pay_back),
        lambda: refused(RefundRefused, pay_back),
        lambda: dashboard_refund(till, paid),
        lambda: dashboard_refund(till, paid),
    )
    sync.refresh_refunds(paid)
    assert at_stripe(till, paid) == Payment.objects.get().amount_refunded == 4200
    away = Refund.objects.filter(status="succeeded").aggregate(sum=Sum("amount"))
    assert away["sum"] == 4200


def test_a_refund_and_its_own_event_and_the_reconciler_are_one_row(till, paid):
    """Stripe's event overtakes Stripe's answer, and cron runs in between."""

    def stripe_knocks():
        (made,) = till.client.v1.refunds.list().data
        post_event(event("refund.created", made.to_dict()))
        age()
        reconciliation.run()

    with overtaken(Failpoint.REFUND_ASKED, stripe_knocks):
        made = refunding.refund(paid, 1200, wanted_by="staff")
    assert (made.status, made.wanted_by) == ("succeeded", "staff")
    assert Refund.objects.count() == 1
    assert OutboxMessage.objects.filter(name="order_refunded").count() == 1


def test_one_planned_refund_that_five_carry_out_is_made_once_f20(till, paid):
    with (
        pytest.raises(KeyError),
        overtaken(Failpoint.REFUND_PLANNED, lambda: {}["dead"]),
    ):
        refunding.refund(paid, 1200, wanted_by="staff")
    planned = Refund.objects.get()
    found = at_once(*[lambda: retried(planned.pk)] * 5)
    assert set(found) == {"succeeded"}
    assert at_stripe(till, paid) == 1200


def retried(pk):
    """Stripe takes a key once at a time; who is turned away comes again."""
    for _ in range(10):
        try:
            return refunding.send(pk).status
        except StripeBusy:
            continue
    raise AssertionError("Busy for ever.")


# --- Cancelling and capturing --------------------------------------------------


def test_who_pays_before_the_cancellation_has_paid_f62(till, begun):
    _ada, payment = begun
    till.pay(payment.stripe_id)
    assert cancel.cancel(payment.order).is_paid


def test_who_pays_after_the_cancellation_has_not_f62(till, begun):
    _ada, payment = begun
    with overtaken(Failpoint.CANCEL_ASKED, lambda: pay(till, payment)):
        order = cancel.cancel(payment.order)
    assert order.is_cancelled
    assert till.intent(payment.stripe_id).amount_received == 0


@pytest.mark.parametrize("again", AGAIN)
def test_who_pays_while_it_is_cancelled_has_paid_or_has_not_f62(till, begun, again):
    ada, payment = begun
    at_once(
        lambda: pay(till, payment),
        lambda: cancel.cancel(payment.order),
        lambda: cancel.cancel(payment.order),
        lambda: open_payment(same_browser(ada)).status_code,
    )
    sync.refresh_order(payment.order)
    received = till.intent(payment.stripe_id).amount_received
    order = Order.objects.get(pk=payment.order_id)
    assert (order.status, received) in {("paid", 4200), ("cancelled", 0)}


def test_who_captures_first_has_the_money_and_the_release_says_so(till, held):
    with overtaken(Failpoint.CAPTURE_ASKED, lambda: cancel.cancel(held.order)):
        assert capture.capture(held).is_paid
    assert Order.objects.get().is_paid


def test_who_releases_first_has_let_it_go_and_the_capture_says_so(till, held):
    with overtaken(Failpoint.FETCHED, lambda: cancel.cancel(held.order)):
        assert capture.capture(held).is_cancelled
    assert till.intent(held.stripe_id).amount_received == 0


@pytest.mark.parametrize("again", AGAIN)
def test_capture_and_release_at_once_are_one_of_the_two(till, held, again):
    at_once(
        lambda: refused(CaptureRefused, lambda: capture.capture(held)),
        lambda: refused(CaptureRefused, lambda: capture.capture(held)),
        lambda: cancel.cancel(held.order),
    )
    received = till.intent(held.stripe_id).amount_received
    assert (Order.objects.get().status, received) in {("paid", 4200), ("cancelled", 0)}


# --- Money that fits nothing ---------------------------------------------------


def test_a_second_payment_that_all_find_at_once_goes_back_once(till, paid):
    """The same order, paid once more on a page that is not ours."""
    made = till.client.v1.payment_intents.create(
        {
            "amount": 4200,
            "currency": "gbp",
            "metadata": {
                "order": paid.order.reference,
                "attempt": "7",
                "installation": "fern-and-quill",
            },
        }
    )
    beside = till.pay(made.id).to_dict()
    calls = [
        lambda n=n: (
            post_event(
                event("payment_intent.succeeded", beside, id=f"evt_{n}")
            ).status_code
        )
        for n in range(4)
    ]
    calls += [lambda: reconciliation.run().violations] * 2
    answers = at_once(*calls)
    assert set(answers[:4]) == {200}
    age()
    reconciliation.run()
    assert Incident.objects.get().kind == "second"
    assert Refund.objects.get().status == "succeeded"
    stray = Payment.objects.get(stripe_id=made.id)
    assert at_stripe(till, stray) == 4200
    assert at_stripe(till, paid) == 0
    assert gateway.retrieve(paid.stripe_id).amount_received == 4200
