"""How Stripe is called, and how its errors are sorted."""

import logging

import pytest
import stripe
from django.db import transaction

from htmx_checkout import gateway
from htmx_checkout.gateway import client
from htmx_checkout.models import Payment
from tests.support.cast import (
    open_payment,
    shopper,
)

HOLES = {
    "no_amount": lambda held: held | {"amount": None},
    "an_amount_in_words": lambda held: held | {"amount": "4200"},
    "no_money_received": lambda held: held | {"amount_received": None},
    "no_secret": lambda held: held | {"client_secret": None},
    "a_list": lambda held: [held],
    "a_proxys_page": lambda held: b"<html>Log in to the network.</html>",
}


@pytest.mark.django_db
def test_an_answer_that_was_broken_once_is_asked_for_again_f50(till, begun):
    ada, _payment = begun
    till.changes_answer(HOLES["a_proxys_page"])
    assert open_payment(ada).status_code == 200


@pytest.mark.django_db
def test_calls_wait_seconds_and_are_repeated_once_i13(till):
    assert client.TIMEOUT_SECONDS == (1, 5)
    till.trouble("server_error", 50)
    open_payment(shopper())
    till.reset_faults()
    assert len(till.calls()) == 2
    stripes = client._client("sk_test_timeouts", till.base_url)
    # The repeat is ours: the package's own would be hidden from the breaker.
    assert stripes._requestor._options.max_network_retries == 0
    assert stripes._requestor._client._timeout == (1, 5)


@pytest.mark.django_db
def test_no_telemetry_is_sent():
    assert not stripe.enable_telemetry


@pytest.mark.django_db
def test_a_key_that_stripe_refuses_is_an_error_in_the_log_f47(till, settings, caplog):
    settings.CHECKOUT = settings.CHECKOUT | {"SECRET_KEY": "sk_test_wrong"}
    open_payment(shopper())
    assert logging.ERROR in {record.levelno for record in caplog.records}


@pytest.mark.django_db
def test_an_outage_of_stripe_sends_no_mail_for_each_shopper(till, caplog):
    till.trouble("server_error", 2)
    assert open_payment(shopper()).status_code == 503
    assert "django.request" not in {record.name for record in caplog.records}


@pytest.mark.django_db
def test_a_busy_stripe_is_asked_again_f43(till):
    till.trouble("rate_limit", 2)
    assert open_payment(shopper()).status_code == 200
    assert Payment.objects.count() == 1


@pytest.mark.django_db
def test_a_refused_key_fails_closed_and_says_nothing_of_it_f47(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"SECRET_KEY": "sk_test_wrong"}
    response = open_payment(shopper())
    assert response.status_code == 503
    assert "sk_test" not in response.content.decode()


@pytest.fixture
def opened(till):
    open_payment(shopper())
    return Payment.objects.select_related("order").get()


@pytest.mark.django_db(transaction=True)
def test_stripe_is_never_called_inside_a_transaction_i12(till, opened):
    with transaction.atomic(), pytest.raises(RuntimeError, match="I12"):
        gateway.retrieve(opened.stripe_id)
