"""Whatever is posted to the webhook endpoint: never a 500, and no row unless signed."""

import json
import time

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from htmx_checkout.models import (
    AuditEntry,
    Incident,
    Order,
    OutboxMessage,
    Payment,
    WebhookEvent,
)
from stripe_standin.engine.engine import Engine
from tests.support.cast import event, signed
from tests.support.transport import BASE_URL, Line
from tests.support.world import branch

pytestmark = pytest.mark.django_db

# In every text that is made up, so that one can look for it in the log.
MARK = "pi_0_secret_MARK"
TABLES = (OutboxMessage, WebhookEvent, Incident, AuditEntry, Order, Payment)

# The fixtures hold for all examples: each is taken back in the database by itself.
often = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

# All that Unicode has: NUL, half of a surrogate pair, right to left.
texts = st.text(max_size=40).map(lambda text: MARK + text)
numbers = st.one_of(
    st.integers(),
    st.integers(min_value=10**50, max_value=10**60),
    st.floats(allow_nan=True, allow_infinity=True),
)
leaves = st.one_of(st.none(), st.booleans(), numbers, texts, st.just(""))
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=12), inner, max_size=4),
    ),
    max_leaves=12,
)

# What stands in an event, each of it what it should be or anything else.
texts_of_ids = st.one_of(st.just("evt_1"), st.text(max_size=300), values)
metadata = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "order": st.one_of(st.just("FQ-1"), values),
            "attempt": st.one_of(st.just("1"), st.text(max_size=12), values),
            "installation": st.one_of(st.just("fern-and-quill"), values),
        },
    ),
    values,
)
helds = st.one_of(
    st.fixed_dictionaries(
        {
            "object": st.sampled_from(
                ["payment_intent", "charge", "refund", "dispute"]
            ),
            "id": st.one_of(st.just("pi_1"), st.text(max_size=300), values),
        },
        optional={
            "payment_intent": st.one_of(st.just("pi_1"), values),
            "metadata": metadata,
            "client_secret": texts,
        },
    ),
    values,
)
kinds = st.one_of(
    st.sampled_from(
        [
            "payment_intent.succeeded",
            "payment_intent.created",
            "charge.refunded",
            "refund.failed",
            "charge.dispute.created",
        ]
    ),
    st.text(max_size=300),
    values,
)
events = st.fixed_dictionaries(
    {
        "id": texts_of_ids,
        "type": kinds,
        "livemode": st.one_of(st.just(False), values),
        "data": st.one_of(st.fixed_dictionaries({"object": helds}), values),
    },
    optional={
        "account": st.one_of(st.none(), st.text(max_size=300), values),
        "api_version": values,
        "request": values,
    },
)


@pytest.fixture(autouse=True)
def stripe(settings, monkeypatch):
    """A Stripe that has nothing: whatever it is asked for is missing."""
    settings.CHECKOUT = settings.CHECKOUT | {"API_BASE": BASE_URL}
    Line(Engine(clock=time.time, base_url=BASE_URL)).lay(monkeypatch)


def post(body: bytes, signature: str, content_type="application/json", **headers):
    """The status that is answered, and all that was written into the log."""
    response = Client(raise_request_exception=False).generic(
        "POST",
        reverse("htmx_checkout:webhook"),
        body,
        content_type=content_type,
        headers={"Stripe-Signature": signature},
        # The client leaves it out where there is no body.
        CONTENT_TYPE=content_type,
        **headers,
    )
    return response.status_code


def rows() -> int:
    return sum(table.objects.count() for table in TABLES)


def check_signed(body: bytes, caplog) -> None:
    """Signed, but who knows what: refused without a trace, or kept as an event."""
    caplog.clear()
    with branch():
        status = post(body, signed(body))
        if status == 400:
            assert rows() == 0
        else:
            # 503: Stripe could not say anything about it, and comes again.
            assert status in (200, 503)
            assert WebhookEvent.objects.count() == 1
            assert not Order.objects.exists()
    assert MARK not in "".join(entry.getMessage() for entry in caplog.records)


@often
@given(
    body=st.binary(max_size=300),
    signature=st.one_of(
        st.text(max_size=80),
        st.builds("t={},v1={}".format, st.integers(), st.text(max_size=64)),
    ),
    content_type=st.one_of(st.just("application/json"), st.text(max_size=40)),
    length=st.one_of(
        # A test client refuses to hear of more than there is; a server waits for it.
        st.none(),
        st.text(max_size=12).filter(lambda text: not text.isdecimal()),
        st.integers(max_value=0).map(str),
        st.integers(min_value=10**6).map(str),
    ),
    agent=st.text(max_size=40),
)
def test_what_nobody_signed_is_a_4xx_and_leaves_no_row_f22_f33_f35(
    caplog, body, signature, content_type, length, agent
):
    caplog.clear()
    more = {} if length is None else {"CONTENT_LENGTH": length}
    with branch():
        status = post(body, signature, content_type, HTTP_USER_AGENT=agent, **more)
        assert 400 <= status < 500
        assert rows() == 0


@often
@given(body=st.binary(max_size=300))
def test_signed_bytes_are_a_400_f33(caplog, body):
    check_signed(body, caplog)


@often
@given(body=st.one_of(values, events))
def test_signed_json_is_an_event_or_a_400_f33_f39_i11(caplog, body):
    check_signed(json.dumps(body).encode(), caplog)


@often
@given(body=events, name=st.sampled_from(["id", "type", "data", "livemode", "x"]))
def test_a_name_that_stands_twice_is_a_400_f33(caplog, body, name):
    """Two parsers would not agree on which of them counts."""
    twice = json.dumps(body | {name: body.get(name, 1)})[:-1]
    raw = f"{twice}, {json.dumps(name)}: 1}}".encode()
    with branch():
        assert post(raw, signed(raw)) == 400
        assert rows() == 0


@often
@given(
    depth=st.integers(min_value=900, max_value=100_000),
    ends=st.sampled_from([("[", "]"), ('{"a":', "}")]),
    is_closed=st.booleans(),
)
def test_deep_nesting_is_a_400_or_an_event_f33(caplog, depth, ends, is_closed):
    begin, end = ends
    depth = min(depth, 200_000 // len(begin))
    padding = begin * depth + "1" + end * depth * is_closed
    whole = json.dumps(event("x", {"id": "x", "object": "x"}, padding=0))
    check_signed(
        whole.replace('"padding": 0', f'"padding": {padding}').encode(), caplog
    )


@often
@given(
    digits=st.integers(min_value=1, max_value=100_000),
    name=st.sampled_from(["created", "livemode"]),
)
def test_a_number_without_end_is_a_400_or_an_event_f33(caplog, digits, name):
    whole = event("x", {"id": "x", "object": "x"}) | {name: 0}
    body = json.dumps(whole).replace(f'"{name}": 0', f'"{name}": {"9" * digits}')
    check_signed(body.encode(), caplog)


# --- What was found so, on PostgreSQL ------------------------------------------


def test_an_account_with_the_longest_name_is_told_and_answered_f38():
    named = event("x", {"id": "x", "object": "x"}, account="a" * 255)
    raw = json.dumps(named).encode()
    assert post(raw, signed(raw)) == 200
    assert Incident.objects.get().kind == "wrong_side"


def test_a_header_that_no_database_can_hold_is_no_500_f33():
    raw = json.dumps(event("x", {"id": "x", "object": "x"})).encode()
    assert post(raw, signed(raw), HTTP_USER_AGENT="Stripe\0") == 200
    assert WebhookEvent.objects.get().headers["User-Agent"] == "Stripe"
