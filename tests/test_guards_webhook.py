"""Guards of the webhook: each test here is red as soon as its guard is removed."""

import io
import json
import time

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import Client

from htmx_checkout.models import Incident, Order, Payment, WebhookEvent
from htmx_checkout.webhooks import views
from tests.cast import event, knock, open_payment, shopper, signed

pytestmark = pytest.mark.django_db


HELD = {"id": "pi_1", "object": "payment_intent"}


def test_a_number_that_is_none_is_refused_wherever_it_stands_f33():
    raw = json.dumps(event("payment_intent.created", HELD, padding=float("nan")))
    assert "NaN" in raw
    assert knock(raw.encode()).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_a_signature_of_letters_that_no_hash_has_is_a_400_f22():
    body = json.dumps(event("payment_intent.created", HELD)).encode()
    assert knock(body, signature=f"t={int(time.time())},v1=é").status_code == 400


def test_another_installation_on_the_account_binds_none_of_our_attempts_f23(till):
    """Both shops may count their orders alike; only one of them has lost an answer."""
    till.trouble("reset_before", 2)
    open_payment(shopper())
    order = Order.objects.get()
    theirs = till.client.v1.payment_intents.create(
        {
            "amount": 4200,
            "currency": "gbp",
            "metadata": {
                "order": order.reference,
                "attempt": "1",
                "installation": "the-other-shop",
            },
        }
    )
    paid = till.pay(theirs.id).to_dict()
    assert knock(event("payment_intent.succeeded", paid)).status_code == 200
    assert WebhookEvent.objects.get().outcome == "foreign"
    assert Payment.objects.get().stripe_id is None
    assert Order.objects.get().is_open


def test_an_intent_beside_the_one_that_is_stored_does_not_pay_the_order_i2(till):
    open_payment(shopper())
    ours = Payment.objects.get()
    beside = till.client.v1.payment_intents.create(
        {
            "amount": 4200,
            "currency": "gbp",
            "metadata": {
                "order": ours.order.reference,
                "attempt": "1",
                "installation": "fern-and-quill",
            },
        }
    )
    knock(event("payment_intent.succeeded", till.pay(beside.id).to_dict()))
    assert Payment.objects.get().stripe_id == ours.stripe_id
    assert Order.objects.get().is_open


def test_an_event_about_a_paid_order_asks_nobody(till):
    open_payment(shopper())
    paid = till.pay(Payment.objects.get().stripe_id).to_dict()
    knock(event("payment_intent.succeeded", paid, id="evt_1"))
    till.forget_calls()
    knock(event("payment_intent.processing", paid, id="evt_2"))
    assert till.calls() == []


def test_a_host_that_demands_a_login_still_hears_stripe(settings):
    login = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, login]
    assert knock(event("payment_intent.created", HELD)).status_code == 200


def test_no_more_is_read_than_may_be_kept_whatever_was_announced_f34():
    """A chunked body announces nothing."""
    body = io.BytesIO(b"x" * 10 * views.MAX_BYTES)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/checkout/webhook/",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    assert views.webhook(ASGIRequest(scope, body)).status_code == 413
    assert body.tell() <= views.MAX_BYTES + 1


@pytest.mark.parametrize(
    "announced",
    ["x", "-1", "²", "9" * 5000],
    ids=["letter", "negative", "square", "endless"],
)
def test_a_length_that_is_no_number_is_too_long_f34(announced):
    response = Client().generic(
        "POST",
        "/checkout/webhook/",
        b"{}",
        content_type="application/json",
        CONTENT_LENGTH=announced,
    )
    assert response.status_code == 413


def test_an_event_that_left_the_order_open_is_not_asked_about_twice_f24(till):
    open_payment(shopper())
    held = till.intent(Payment.objects.get().stripe_id).to_dict()
    knock(event("payment_intent.processing", held))
    till.forget_calls()
    assert knock(event("payment_intent.processing", held)).status_code == 200
    assert till.calls() == []
    assert WebhookEvent.objects.get().done_at is not None


def test_one_secret_without_its_tuple_is_no_tuple_of_letters_f22(settings):
    settings.CHECKOUT = settings.CHECKOUT | {"WEBHOOK_SECRETS": "whsec_1"}
    raw = json.dumps(event("payment_intent.created", HELD)).encode()
    assert knock(raw, signature=signed(raw, "w")).status_code == 400
    assert knock(raw, signature=signed(raw, "whsec_1")).status_code == 200


def test_an_event_of_an_earlier_attempt_does_not_bind_the_one_that_waits_f30(till):
    """Its answer was lost a day ago; the attempt that waits now is another one."""
    till.trouble("reset_before", 2)
    open_payment(shopper())
    order = Order.objects.get()
    facts = {"order": order.reference, "attempt": "7", "installation": "fern-and-quill"}
    other = till.client.v1.payment_intents.create(
        {"amount": 4200, "currency": "gbp", "metadata": facts}
    )
    knock(event("payment_intent.succeeded", till.pay(other.id).to_dict()))
    assert WebhookEvent.objects.get().outcome == "stray"
    assert Incident.objects.get().kind == "stray"
    assert Payment.objects.get().stripe_id is None
