"""Guards of hosts, sessions, logs and orders that fall back."""

import io
import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.csp import CSP

from htmx_checkout import Line, checks
from htmx_checkout.csp import policy
from htmx_checkout.models import Incident, Order, Payment
from htmx_checkout.redaction import SecretsFilter
from tests.cast import ADA, draft, event, fill, knock, open_payment, shopper, status_url

pytestmark = pytest.mark.django_db

LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"
COOKIES = "django.contrib.sessions.backends.signed_cookies"


# --- Which order the till works on -------------------------------------------


def refused_after_days(till):
    """Ada has seen that her bank has it, her bag was emptied, and the bank says no."""
    ada = shopper()
    open_payment(ada)
    till.pay_by_debit(Payment.objects.get().stripe_id, iban="AT861904300235473202")
    look(ada)
    assert "order_total" not in ada.session
    till.later(10)
    assert "did not go through" in look(ada)
    return ada


def look(ada):
    Payment.objects.update(asked_at=None, looked_at=None)
    return ada.get(status_url(Order.objects.get())).content.decode()


@pytest.fixture
def euros(till, settings):
    settings.CHECKOUT = settings.CHECKOUT | {"CURRENCY": "eur"}
    return till


def test_an_order_that_the_bank_gave_back_can_be_paid_without_its_bag(euros):
    ada = refused_after_days(euros)
    assert 'id="resume"' in ada.get("/checkout/").content.decode()
    assert open_payment(ada).status_code == 200
    assert Order.objects.get().amount == 4200


def test_another_bag_does_not_rewrite_an_order_that_the_bank_gave_back(euros):
    ada = refused_after_days(euros)
    fill(ada, 9900)
    assert open_payment(ada).status_code == 200
    assert sorted(Order.objects.values_list("amount", flat=True)) == [4200, 9900]


def test_an_order_of_the_other_mode_is_let_go_f37(till):
    """Test keys yesterday, live ones today: they cannot pay what was begun then."""
    ada = shopper()
    open_payment(ada)
    Order.objects.update(livemode=True)
    open_payment(ada)
    newest = Order.objects.latest("pk")
    assert Order.objects.count() == 2
    assert not newest.livemode
    assert newest.current_for


def test_a_lost_change_of_the_email_is_found_and_made_good(till):
    """The update was heard, its answer lost; Ada has typed the first one again."""
    ada = shopper()
    open_payment(ada)
    till.trouble("reset_after", 2)
    open_payment(ada, email="typo@example.com")
    open_payment(ada)
    assert till.intent(Payment.objects.get().stripe_id).receipt_email == ADA


def test_a_new_bag_after_a_paid_one_is_not_sent_to_stripe_by_looking(till):
    ada = shopper()
    open_payment(ada)
    till.pay(Payment.objects.get().stripe_id)
    assert "Paid" in look(ada)
    fill(ada, 1400)
    html = ada.get("/checkout/").content.decode()
    assert 'id="details"' in html
    assert 'id="resume"' not in html


def test_the_same_things_in_another_language_are_the_same_purchase_f60():
    words = [draft(Line(name=n, amount=1, reference="nb")) for n in ("Ink", "Tinte")]
    assert words[0].fingerprint == words[1].fingerprint


# --- Whose session -----------------------------------------------------------


def test_two_shoppers_whose_sessions_are_cookies_are_two_i9(till, settings):
    """Two new sessions have no key, and two equal ones have the same."""
    settings.SESSION_ENGINE = COOKIES
    settings.CHECKOUT = settings.CHECKOUT | {"ORDER_SOURCE": lambda request: draft()}
    ada, mallory = Client(), Client()
    open_payment(ada)
    order = Order.objects.get()
    assert ADA not in mallory.get("/checkout/").content.decode()
    open_payment(mallory, email="mallory@example.com")
    assert Order.objects.count() == 2
    assert mallory.get(status_url(order)).status_code == 404
    assert ada.get(status_url(order)).status_code == 200


def test_two_equal_cookies_of_one_second_are_two_shoppers_i9(till, settings):
    settings.SESSION_ENGINE = COOKIES
    held = settings.CHECKOUT | {"ORDER_SOURCE": lambda request: draft()}
    settings.CHECKOUT = held
    ada, mallory = Client(), Client()
    session = ada.session
    session["order_currency"] = "gbp"
    session.save()
    ada.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    mallory.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    open_payment(ada)
    open_payment(mallory)
    assert Order.objects.count() == 2


# --- The doors ---------------------------------------------------------------


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


def test_money_that_names_us_and_has_no_row_here_opens_an_incident_f84(till):
    held = {
        "amount": 4200,
        "currency": "gbp",
        "metadata": {
            "order": "FQ-00000-00000",
            "attempt": "1",
            "installation": "fern-and-quill",
        },
    }
    intent = till.client.v1.payment_intents.create(held)
    paid = till.pay(intent.id).to_dict()
    assert knock(event("payment_intent.succeeded", paid)).status_code == 200
    told = Incident.objects.get(closed_at=None)
    assert (told.kind, told.subject) == ("stray", intent.id)
    assert (told.amount, told.currency) == (4200, "gbp")


def test_a_host_that_demands_a_login_does_not_send_the_client_secret_there_s2(
    till, settings
):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, LOGIN]
    back = reverse("htmx_checkout:return", args=["token"])
    query = {"payment_intent": "pi_1", "payment_intent_client_secret": "pi_1_secret_2"}
    assert "secret" not in Client().get(back, query)["Location"]


@pytest.mark.parametrize("name", ["payment_intent", "payment_intent_client_secret"])
def test_a_nul_in_the_query_is_no_500_on_postgresql(till, name):
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    back = reverse("htmx_checkout:return", args=[payment.order.token])
    query = {"payment_intent": payment.stripe_id} | {name: "pi_\0"}
    assert Client().get(back, query).status_code == 303


# --- What is said around it --------------------------------------------------


def test_a_log_call_with_arguments_that_do_not_fit_stops_nobody():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(SecretsFilter())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    logger.info("%d apples of sk_test_abc", "no")
    assert "apples" in stream.getvalue()
    assert "abc" not in stream.getvalue()


def test_an_outage_of_stripe_sends_no_mail_for_each_shopper(till, caplog):
    till.trouble("server_error", 2)
    assert open_payment(shopper()).status_code == 503
    assert "django.request" not in {record.name for record in caplog.records}


@pytest.mark.parametrize(
    "keys",
    [
        {"SECRET_KEY": "pk_test_1", "PUBLISHABLE_KEY": "sk_test_1"},
        {"PUBLISHABLE_KEY": "sk_test_1"},
        {"PUBLISHABLE_KEY": "rk_test_1"},
        {"SECRET_KEY": "pk_test_1"},
    ],
)
def test_a_secret_key_in_the_place_that_all_can_see_is_named_s13(settings, keys):
    settings.CHECKOUT = settings.CHECKOUT | keys
    assert checks.E007 in checks.check_settings(None)


def test_a_policy_of_default_src_alone_still_lets_in_what_it_let_in(settings):
    settings.SECURE_CSP = {"default-src": [CSP.SELF, CSP.NONCE]}
    for directive in ("script-src", "connect-src"):
        assert {CSP.SELF, CSP.NONCE} <= set(policy()[directive])
