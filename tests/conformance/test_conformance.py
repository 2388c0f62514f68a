"""The app and the stand-in speak as the types of the stripe package say.

All other tests are held to it too (see ``conforming`` in conftest.py). Here a
whole account is walked through, so that there is something to judge; and the
judge is judged.
"""

import json

import pytest
import stripe

from htmx_checkout.gateway import API_VERSION
from stripe_standin.protocol.http import Request, Response
from tests.conformance import Recorder
from tests.conformance.endpoints import find
from tests.conformance.recorder import judge
from tests.support.cast import ADA, open_payment, shopper

RETURN = "https://shop.example/"


@pytest.fixture
def recorder(standin_server):
    """Another one, beside the one that watches over all tests."""
    recorder = Recorder()
    answer, post = standin_server.answer, standin_server.engine.post
    recorder.listen(standin_server)
    yield recorder
    standin_server.answer, standin_server.engine.post = answer, post


@pytest.fixture
def api(standin):
    return standin.client.v1


def pay(api, method="pm_card_visa", **params):
    given = {"amount": 4200, "currency": "gbp", "confirm": True, "return_url": RETURN}
    try:
        return api.payment_intents.create(given | {"payment_method": method} | params)
    except stripe.CardError as error:
        return error.error.payment_intent


def pay_by(api, kind, **details):
    data = {"type": kind, kind: details}
    person = {"name": "Ada", "email": ADA}
    given = {"payment_method_data": data | {"billing_details": person}}
    if kind == "sepa_debit":
        given["mandate_data"] = {"customer_acceptance": {"type": "offline"}}
    intent = api.payment_intents.create({"amount": 4200, "currency": "eur"})
    return api.payment_intents.confirm(intent.id, given | {"return_url": RETURN})


def test_cards_and_what_follows_from_them(standin, api, recorder):
    paid = pay(api)
    pay(api, "pm_card_chargeDeclined")
    pay(api, "pm_card_authenticationRequired")
    held = pay(api, capture_method="manual")
    api.payment_intents.capture(held.id, {"amount_to_capture": 4000})
    open_one = api.payment_intents.create({"amount": 100, "currency": "usd"})
    api.payment_intents.update(open_one.id, {"amount": 200, "metadata": {"a": "b"}})
    api.payment_intents.cancel(open_one.id, {"cancellation_reason": "duplicate"})
    api.payment_intents.retrieve(paid.id, {"expand": ["latest_charge", "customer"]})
    api.payment_intents.list({"limit": 3})
    api.charges.list({"payment_intent": paid.id})
    api.refunds.create({"payment_intent": paid.id, "amount": 1200})
    pay(api, "pm_card_createDispute")
    standin.later(60)
    api.refunds.list()
    assert api.disputes.list().data
    assert api.balance_transactions.list().data
    assert recorder.misfits() == []
    assert recorder.judged >= 15


def test_ways_to_pay_that_are_not_cards(standin, api, recorder):
    pay_by(api, "sepa_debit", iban="AT611904300234573201")
    pay_by(api, "ideal")
    pay_by(api, "bancontact")
    standin.later(60)
    api.payment_intents.list({"expand": ["data.latest_charge", "data.payment_method"]})
    assert recorder.misfits() == []


def test_customers_and_hosted_pages(api, recorder):
    ada = api.customers.create({"email": ADA, "name": "Ada"})
    api.customers.update(ada.id, {"phone": "+441632960000"})
    pay(api, customer=ada.id)
    api.customers.list({"email": ADA})
    api.customer_sessions.create(
        {"customer": ada.id, "components": {"payment_element": {"enabled": True}}}
    )
    api.setup_intents.create({"customer": ada.id})
    price = {"currency": "gbp", "unit_amount": 1400, "product_data": {"name": "Ink"}}
    session = api.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": RETURN,
            "line_items": [{"price_data": price, "quantity": 2}],
        }
    )
    api.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]})
    api.checkout.sessions.expire(session.id)
    assert api.customers.delete(ada.id).deleted
    assert recorder.misfits() == []


def test_events_and_where_they_are_sent(standin, api, recorder):
    hook = api.webhook_endpoints.create(
        {"url": "http://127.0.0.1:1/hook", "enabled_events": ["*"]}
    )
    pay(api)
    server = standin.server
    with server.lock:
        waiting = list(server.engine.deliveries.by_id.values())
    assert waiting
    for delivery in waiting:
        server.wait(delivery, 0.5)
    api.events.list({"limit": 100})
    api.webhook_endpoints.update(hook.id, {"disabled": True})
    api.webhook_endpoints.list()
    api.webhook_endpoints.delete(hook.id)
    assert recorder.posted
    assert recorder.misfits() == []


def test_refusals_fit_the_type_of_an_error(api, recorder):
    with pytest.raises(stripe.InvalidRequestError):
        api.payment_intents.retrieve("pi_unknown")
    with pytest.raises(stripe.CardError):
        api.payment_intents.create(
            {
                "amount": 100,
                "currency": "gbp",
                "confirm": True,
                "payment_method": "pm_card_chargeDeclined",
                "return_url": RETURN,
            }
        )
    assert recorder.misfits() == []
    assert recorder.judged == 2


@pytest.mark.django_db
def test_what_the_app_itself_asks(till, recorder):
    ada = shopper()
    open_payment(ada)
    open_payment(ada, "ada.quill@example.com")
    open_payment(ada, "ada.quill@example.com")
    assert till.verbs()[0] == "POST /v1/payment_intents"
    assert recorder.misfits() == []
    assert recorder.judged == 3


# --- The judge ----------------------------------------------------------------


def exchange(answer, *, body="amount=4200&currency=gbp", path="/v1/payment_intents"):
    headers = {"Authorization": "Bearer sk_test_x", "Stripe-Version": API_VERSION}
    request = Request("POST", path, headers=headers, body=body.encode())
    return list(judge(request, Response.of_json(answer)))


@pytest.fixture
def intent(api):
    found = api.payment_intents.create({"amount": 4200, "currency": "gbp"})
    return json.loads(str(found))


def test_a_whole_answer_passes(intent):
    assert exchange(intent) == []


AT = "POST /v1/payment_intents"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"amount": None}, "amount is None, no int"),
        ({"amount": "4200"}, "amount is '4200', no int"),
        ({"amount": True}, "amount is True, no int"),
        ({"invented": 1}, "invented is unknown"),
        ({"livemode": "false"}, "livemode is 'false', no bool"),
        ({"status": "thinking"}, "status is 'thinking', none of"),
        ({"object": "intent"}, "object is 'intent', none of"),
        ({"payment_method_types": "card"}, "payment_method_types is 'card', no list"),
        ({"metadata": {"order": 1}}, "metadata.order is 1, no str"),
        ({"latest_charge": {"object": "charge"}}, "latest_charge.amount is missing"),
        ({"automatic_payment_methods": {}}, "automatic_payment_methods.enabled is"),
        ({"next_action": {"type": "x", "more": 1}}, "next_action.more is unknown"),
    ],
    ids=lambda held: next(iter(held)) if isinstance(held, dict) else None,
)
def test_an_answer_that_does_not_fit_is_noticed(intent, change, complaint):
    found = exchange(intent | change)
    assert any(complaint in said for said in found), found


@pytest.mark.parametrize("name", ["amount", "status", "created", "object"])
def test_a_missing_field_is_noticed(intent, name):
    del intent[name]
    assert exchange(intent) == [f"{AT}: PaymentIntent.{name} is missing"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("currency=gbp", "amount is missing"),
        ("amount=42.00&currency=gbp", "amount is '42.00', no int"),
        (
            "amount=1&currency=gbp&payment_method_types[]=card",
            "payment_method_types is unknown",
        ),
        ("amount=1&currency=gbp&confirm=yes", "confirm is 'yes', no bool"),
        (
            "amount=1&currency=gbp&automatic_payment_methods[on]=true",
            "automatic_payment_methods.on is unknown",
        ),
        ("amount=1&currency=gbp&metadata[a][b]=1", "metadata"),
        ("amount=1&currency=gbp&capture_method=later", "capture_method is 'later'"),
        ("amount=1&currency=gbp&expand=latest_charge", "expand is 'latest_charge'"),
    ],
)
def test_a_request_that_does_not_fit_is_noticed(intent, body, complaint):
    found = exchange(intent, body=body)
    assert any(complaint in said for said in found), found


def test_a_request_that_fits_passes(intent):
    body = (
        "amount=1&currency=gbp&confirm=true&metadata[order]=FQ-1"
        "&automatic_payment_methods[enabled]=true&expand[0]=latest_charge"
        "&allowed_payment_method_types[]=card&allowed_payment_method_types[]=ideal"
    )
    assert exchange(intent, body=body) == []


def test_an_endpoint_that_nobody_knows_is_noticed(intent):
    found = exchange(intent, path="/v1/payment_wishes")
    assert found == ["POST /v1/payment_wishes is no endpoint that the package knows"]


def test_an_event_about_an_object_that_does_not_fit_is_noticed(recorder, api):
    pay(api)
    event = json.loads(str(api.events.list().data[0]))
    event["data"]["object"]["invented"] = 1
    recorder.misfits()
    recorder.posted.append(json.dumps(event).encode())
    assert recorder.misfits() == ["event.data.object.invented is unknown"]


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("POST", "/v1/payment_intents", "/v1/payment_intents"),
        ("GET", "/v1/payment_intents/pi_1", "/v1/payment_intents/{intent}"),
        ("GET", "/v1/charges/search", "/v1/charges/search"),
        ("DELETE", "/v1/customers/cus_1", "/v1/customers/{customer}"),
    ],
)
def test_the_types_of_an_endpoint_are_found_in_the_package(method, path, template):
    assert find(method, path).template == template
