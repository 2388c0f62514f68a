"""The webhook endpoint: what it takes, and what it answers."""

import io
import json
import time

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.urls import reverse

from htmx_checkout.models import Order, Payment, WebhookEvent
from htmx_checkout.webhooks import views
from htmx_checkout.webhooks.views import MAX_BYTES
from tests.support.cast import (
    event,
    open_payment,
    post_event,
    shopper,
    signed,
)

pytestmark = pytest.mark.django_db


def test_a_connection_that_breaks_at_the_webhook_is_no_500_f34():
    class Broken(io.RawIOBase):
        def read(self, *args):
            raise OSError("reset by peer")

    said = []
    environ = RequestFactory()._base_environ(
        PATH_INFO="/checkout/webhook/",
        REQUEST_METHOD="POST",
        CONTENT_TYPE="application/json",
        CONTENT_LENGTH="100",
    )
    environ["wsgi.input"] = Broken()
    WSGIHandler()(environ, lambda status, headers: said.append(status))
    assert said == ["400 Bad Request"]


HELD = {"id": "pi_1", "object": "payment_intent"}


def test_a_signature_of_letters_that_no_hash_has_is_a_400_f22():
    body = json.dumps(event("payment_intent.created", HELD)).encode()
    assert post_event(body, signature=f"t={int(time.time())},v1=é").status_code == 400


def test_a_host_that_demands_a_login_still_hears_stripe(settings):
    login = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, login]
    assert post_event(event("payment_intent.created", HELD)).status_code == 200


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


def test_one_secret_without_its_tuple_is_no_tuple_of_letters_f22(settings):
    settings.CHECKOUT = settings.CHECKOUT | {"WEBHOOK_SECRETS": "whsec_1"}
    raw = json.dumps(event("payment_intent.created", HELD)).encode()
    assert post_event(raw, signature=signed(raw, "w")).status_code == 400
    assert post_event(raw, signature=signed(raw, "whsec_1")).status_code == 200


@pytest.fixture
def paid(till):
    """Ada has paid at Stripe and closed the tab; nothing has come back."""
    open_payment(shopper())
    payment = Payment.objects.get()
    return till.pay(payment.stripe_id).to_dict()


def test_a_closed_tab_is_paid_by_the_webhook_alone_f8(paid):
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    assert Order.objects.get().is_paid
    assert WebhookEvent.objects.get().outcome == "applied"


def test_the_same_event_twice_is_handled_once_f24(till, paid):
    post_event(event("payment_intent.succeeded", paid))
    till.forget_calls()
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    assert WebhookEvent.objects.count() == 1
    assert till.calls() == []


def test_two_events_of_one_fact_have_one_effect_f25(paid):
    post_event(event("payment_intent.succeeded", paid, id="evt_1"))
    post_event(event("payment_intent.succeeded", paid, id="evt_2"))
    assert Order.objects.get().outbox.count() == 1


def test_an_old_event_that_comes_late_moves_nothing_back_f27(paid):
    post_event(event("payment_intent.succeeded", paid, id="evt_2"))
    stale = paid | {"status": "requires_payment_method"}
    post_event(event("payment_intent.payment_failed", stale, id="evt_1"))
    assert Order.objects.get().is_paid


def test_an_event_that_lies_about_success_moves_nothing_f36(till):
    open_payment(shopper())
    held = till.intent(Payment.objects.get().stripe_id).to_dict()
    post_event(event("payment_intent.succeeded", held | {"status": "succeeded"}))
    assert Order.objects.get().is_open


def test_an_event_about_the_charge_finds_the_intent(till, paid):
    charge = till.client.v1.charges.retrieve(paid["latest_charge"]).to_dict()
    post_event(event("charge.succeeded", charge))
    assert Order.objects.get().is_paid


def test_an_event_that_overtakes_the_answer_of_its_own_creation_f30(till, paid):
    Payment.objects.update(stripe_id=None, status="creating")
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    assert Order.objects.get().is_paid
    assert Payment.objects.get().stripe_id == paid["id"]


def test_an_object_of_somebody_else_is_kept_and_left_alone_f23(till):
    intent = till.client.v1.payment_intents.create({"amount": 100, "currency": "gbp"})
    response = post_event(event("payment_intent.created", intent.to_dict()))
    assert response.status_code == 200
    assert WebhookEvent.objects.get().outcome == "foreign"


def test_an_unknown_type_is_kept_and_answered_200(till):
    held = {"id": "x_1", "object": "unheard_of"}
    assert post_event(event("unheard.of", held)).status_code == 200


def test_a_live_event_moves_nothing_in_test_mode_f37(paid):
    assert (
        post_event(event("payment_intent.succeeded", paid, livemode=True)).status_code
        == 200
    )
    assert WebhookEvent.objects.get().outcome == "livemode"
    assert Order.objects.get().is_open


def test_a_silent_stripe_means_come_again_and_the_event_is_kept_f49(till, paid):
    till.trouble("server_error", 4)
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 503
    assert WebhookEvent.objects.get().done_at is None
    till.reset_faults()
    assert post_event(event("payment_intent.succeeded", paid)).status_code == 200
    assert Order.objects.get().is_paid


def test_nothing_of_the_payload_is_kept_i11(paid):
    post_event(event("payment_intent.succeeded", paid))
    assert paid["client_secret"] not in json.dumps(
        list(WebhookEvent.objects.values()), default=str
    )


def body(**facts):
    held = {"id": "pi_1", "object": "payment_intent"}
    return json.dumps(event("payment_intent.succeeded", held, **facts)).encode()


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=1,v1=00",
        "rubbish",
        "t=now,v1=é",
        signed(b"{}", "whsec_wrong"),
        signed(b"other body"),
        signed(body(), at=int(time.time()) - 301),
        signed(body()).replace("v1=", "v0="),
    ],
    # The time is in them: without names two processes would list other tests.
    ids="none short rubbish no-number another-secret another-body old v0".split(),
)
def test_a_forged_delivery_is_a_400_and_leaves_no_trace_f22_f31(signature):
    assert post_event(body(), signature=signature).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_without_a_secret_nothing_passes_f22(settings):
    settings.CHECKOUT = settings.CHECKOUT | {"WEBHOOK_SECRETS": ("",)}
    assert post_event(body(), signature=signed(body(), "whsec_1")).status_code == 503
    assert post_event(body(), signature="t=1,v1=").status_code == 503


def test_both_secrets_pass_during_a_rotation_and_the_old_one_not_after_f40(settings):
    settings.CHECKOUT = settings.CHECKOUT | {
        "WEBHOOK_SECRETS": ("whsec_new", "whsec_old")
    }
    for number, secret in enumerate(("whsec_new", "whsec_old")):
        raw = body(id=f"evt_{number}")
        assert post_event(raw, signature=signed(raw, secret)).status_code == 200
    settings.CHECKOUT = settings.CHECKOUT | {"WEBHOOK_SECRETS": ("whsec_new",)}
    assert post_event(body(), signature=signed(body(), "whsec_old")).status_code == 400


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"NaN",
        b'{"id": NaN}',
        b'{"id": "evt_1"}',
        b"\xff\xfe",
        b"[" * 100_000,
        body(id=None),
        body(id="x" * 300),
        body(id="evt_\0"),
        body(type={}),
        body(data=None),
        body(data={"object": []}),
        body(data={"object": {"object": "payment_intent", "id": 7}}),
        body(
            data={"object": {"object": "payment_intent", "id": "pi_1", "metadata": "x"}}
        ),
        b'{"object": "v2.core.event", "id": "evt_1", "type": "v1", "livemode": false}',
    ],
)
def test_signed_rubbish_is_a_400_and_never_a_500_f33(raw):
    assert post_event(raw).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_a_large_body_is_turned_away_before_it_is_read_f34():
    response = Client().generic(
        "POST",
        reverse("htmx_checkout:webhook"),
        b"x",
        content_type="application/json",
        CONTENT_LENGTH=str(MAX_BYTES + 1),
    )
    assert response.status_code == 413


def test_a_body_of_the_largest_size_is_read():
    raw = body(
        id="evt_1", padding="x" * (MAX_BYTES - len(body(id="evt_1", padding="")))
    )
    assert len(raw) == MAX_BYTES
    assert post_event(raw).status_code == 200


def test_other_content_types_are_turned_away_f35():
    raw = body()
    response = Client().generic(
        "POST",
        reverse("htmx_checkout:webhook"),
        raw,
        content_type="text/plain",
        headers={"Stripe-Signature": signed(raw)},
    )
    assert response.status_code == 415


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_turned_away_f35(method):
    assert Client().generic(method, reverse("htmx_checkout:webhook")).status_code == 405


def test_the_webhook_is_the_only_view_without_a_csrf_check_s7():
    from htmx_checkout import urls

    exempt = {
        pattern.name
        for pattern in urls.urlpatterns
        if getattr(pattern.callback, "csrf_exempt", False)
    }
    assert exempt == {"webhook"}


def test_no_secret_and_no_payload_is_in_the_log_i11(paid, caplog):
    raw = json.dumps(event("payment_intent.succeeded", paid)).encode()
    post_event(raw, signature="t=1,v1=00")
    post_event(raw[:-1])
    post_event(raw)
    assert paid["client_secret"] not in caplog.text
    assert "whsec_" not in caplog.text
