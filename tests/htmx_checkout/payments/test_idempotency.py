"""Idempotency keys: stored before the call, repeated while fresh, replaced after."""

import json
from datetime import timedelta
from time import sleep

import pytest
from django.utils import timezone

from htmx_checkout.models import Payment
from tests.support.cast import fill, open_payment, shopper
from tests.support.threads import at_once, same_browser


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_in_flight_at_stripe_is_waited_for_f45(till):
    """Two tabs ask at once and Stripe is slow: the second gets a 409, and waits."""
    ada = shopper()
    till.trouble("slow", 1, method="POST", seconds=2.5)

    def first():
        return open_payment(same_browser(ada))

    def second():
        sleep(0.7)
        return open_payment(same_browser(ada))

    answers = at_once(first, second)
    assert 409 in {call["status"] for call in till.calls()}
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Payment.objects.count() == 1


@pytest.mark.django_db
def test_a_lost_answer_is_asked_for_in_the_same_words_although_the_bag_changed_f46(
    till,
):
    ada = shopper()
    till.trouble("reset_after", 2)
    open_payment(ada)
    fill(ada, 5600)
    assert open_payment(ada).status_code == 200
    assert len(till.client.v1.payment_intents.list().data) == 1
    payment = Payment.objects.get()
    assert till.intent(payment.stripe_id).amount == payment.order.amount == 5600
    assert "idempotency_error" not in {call["error_code"] for call in till.calls()}


@pytest.mark.django_db
def test_the_key_names_order_attempt_revision_amount_and_currency(till, begun):
    ada, payment = begun
    first = payment.idempotency_key
    assert first.endswith(f"{payment.order.reference}-1-1-4200-gbp")
    fill(ada, 5600)
    open_payment(ada)
    assert Payment.objects.get().idempotency_key.endswith("-1-2-5600-gbp")


@pytest.mark.django_db
def test_an_update_is_sent_with_the_key_that_was_stored(till, begun):
    ada, _payment = begun
    fill(ada, 5600)
    till.forget_calls()
    open_payment(ada)
    (call,) = till.calls()
    assert call["idempotency_key"] == Payment.objects.get().idempotency_key


@pytest.mark.django_db
def test_an_updates_key_is_as_young_as_the_update(till, begun):
    ada, _payment = begun
    Payment.objects.update(key_stored_at=timezone.now() - timedelta(days=3))
    fill(ada, 5600)
    open_payment(ada)
    assert Payment.objects.get().key_is_fresh


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "fresh"), [(22, True), (23.5, False), (25, False)])
def test_a_key_is_not_trusted_up_to_the_last_minute_of_its_day_f9(hours, fresh):
    held = Payment(key_stored_at=timezone.now() - timedelta(hours=hours))
    assert held.key_is_fresh == fresh


@pytest.mark.django_db
def test_the_key_that_stripe_got_is_the_one_that_was_stored(till):
    open_payment(shopper())
    (call,) = till.calls()
    assert call["idempotency_key"] == Payment.objects.get().idempotency_key


@pytest.mark.django_db
def test_a_silent_stripe_is_told_and_the_next_try_uses_the_same_key_f3(till):
    ada = shopper()
    till.trouble("reset_before", 2)
    response = open_payment(ada)
    assert response.status_code == 503
    assert "not answering" in response.content.decode()
    open_payment(ada)
    key = Payment.objects.get().idempotency_key
    assert {call["idempotency_key"] for call in till.calls()} == {key}


@pytest.mark.django_db
def test_a_500_that_stripe_saved_under_the_key_is_passed_by_with_another_key_f44(till):
    ada = shopper()
    till.trouble("server_error")
    assert open_payment(ada).status_code == 503
    assert open_payment(ada).status_code == 200
    assert list(Payment.objects.values_list("status", flat=True)) == [
        "given_up",
        "open",
    ]


@pytest.mark.django_db
def test_a_500_that_hides_an_intent_leads_to_that_intent_f44(till):
    """Stripe did it, and saved an error: the next try looks before it asks anew."""
    ada = shopper()
    till.trouble("server_error_after")
    assert open_payment(ada).status_code == 503
    assert open_payment(ada).status_code == 200
    (intent,) = till.client.v1.payment_intents.list().data
    assert Payment.objects.get().stripe_id == intent.id


@pytest.mark.django_db
def test_an_answer_that_was_lost_leads_to_the_same_intent_f4(till):
    ada = shopper()
    till.trouble("reset_after", 2)
    open_payment(ada)
    response = open_payment(ada)
    assert response.status_code == 200
    assert len(till.client.v1.payment_intents.list().data) == 1
    assert json.dumps(Payment.objects.get().stripe_id) in json.dumps(
        till.client.v1.payment_intents.list().data[0].id
    )


@pytest.mark.django_db
def test_a_key_that_stripe_may_have_forgotten_is_not_used_again_f9(till):
    """The intent of the lost answer is looked up, and found."""
    ada = shopper()
    till.trouble("reset_after", 2)
    open_payment(ada)
    payment = Payment.objects.get()
    stale = payment.key_stored_at.replace(year=payment.key_stored_at.year - 1)
    Payment.objects.update(key_stored_at=stale)
    till.forget_calls()
    open_payment(ada)
    assert till.verbs() == ["GET /v1/payment_intents"]
    (intent,) = till.client.v1.payment_intents.list().data
    assert Payment.objects.get().stripe_id == intent.id


@pytest.mark.django_db
def test_a_forgotten_key_that_made_nothing_is_followed_by_another_one_f9(till):
    ada = shopper()
    till.trouble("reset_before", 2)
    open_payment(ada)
    payment = Payment.objects.get()
    stale = payment.key_stored_at.replace(year=payment.key_stored_at.year - 1)
    Payment.objects.update(key_stored_at=stale)
    till.forget_calls()
    open_payment(ada)
    assert till.verbs() == ["GET /v1/payment_intents", "POST /v1/payment_intents"]
    assert till.calls()[-1]["idempotency_key"] != payment.idempotency_key
    assert Payment.objects.get(stripe_id__isnull=False).attempt == 2


@pytest.mark.django_db(transaction=True)
def test_a_key_is_in_the_database_before_stripe_is_called_f2(till):
    till.trouble("reset_before", 2)
    open_payment(shopper())
    payment = Payment.objects.get()
    assert payment.status == "creating"
    assert payment.idempotency_key == till.calls()[-1]["idempotency_key"]
