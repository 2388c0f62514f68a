"""Fixtures: a stand-in for Stripe on a socket, and the app set to talk to it.

The fake stands at the network's edge: the app under test sends real HTTP
through the real stripe package. Nothing inside the app is patched.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.core.cache import cache
from django.db import connections
from hypothesis import settings as hypothesis

from htmx_checkout import signals
from htmx_checkout.models import Payment
from htmx_checkout.payments import sync
from htmx_checkout.redaction import SecretsFilter
from tests.conformance import Recorder
from tests.support.cast import open_payment, shopper
from tests.support.staff import settled_payment

# Playwright keeps an event loop in the main thread, and Django then refuses
# its own synchronous database calls there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# `make proofs` asks for the second by name.
hypothesis.register_profile("suite", max_examples=10)
hypothesis.register_profile("proofs", max_examples=150)
hypothesis.load_profile("suite")


@dataclass
class Desk:
    """The stand-in, as a test sees it."""

    server: Any
    client: stripe.StripeClient

    @property
    def base_url(self) -> str:
        return self.server.base_url

    def pay(self, stripe_id: str, method: str = "pm_card_visa") -> Any:
        """Confirm an intent as Stripe.js would, and swallow a decline."""
        params = {"payment_method": method, "return_url": "https://shop.example/"}
        try:
            return self.client.v1.payment_intents.confirm(stripe_id, params)
        except stripe.CardError as error:
            return error.error.payment_intent

    def pay_by_debit(self, stripe_id: str, iban: str = "AT611904300234573201") -> Any:
        """Confirm with a bank account whose bank takes its time, and says yes."""
        person = {"name": "Ada", "email": "ada@example.com"}
        debit = {"iban": iban}
        params = {
            "payment_method_data": {
                "type": "sepa_debit",
                "sepa_debit": debit,
                "billing_details": person,
            },
            "mandate_data": {"customer_acceptance": {"type": "offline"}},
            "return_url": "https://shop.example/",
        }
        return self.client.v1.payment_intents.confirm(stripe_id, params)

    def intent(self, stripe_id: str) -> Any:
        return self.client.v1.payment_intents.retrieve(stripe_id)

    def reset(self) -> None:
        """Forget everything, as a stand-in does that was started anew."""
        with self.server.lock:
            self.server.engine.clear()
            # A test that let time run ahead is over.
            self.server.engine.clock.offset_seconds = 0.0

    def calls(self) -> list[dict[str, Any]]:
        """Every call to the API since the last `forget_calls`, oldest first."""
        with self.server.lock:
            return self.server.engine.calls.as_list()

    def verbs(self) -> list[str]:
        return [f"{call['method']} {call['path']}" for call in self.calls()]

    def forget_calls(self) -> None:
        with self.server.lock:
            self.server.engine.calls.entries.clear()

    def later(self, seconds: float) -> None:
        """Let the stand-in's clock run ahead, and its banks decide."""
        with self.server.lock:
            self.server.engine.clock.move(seconds)
            self.server.engine.tick()

    def reset_faults(self) -> None:
        with self.server.lock:
            self.server.engine.faults.waiting.clear()

    def trouble(self, kind: str, calls: int = 1, **facts: Any) -> None:
        """The next calls meet ``kind`` (see ``stripe_standin.protocol.faults``)."""
        from stripe_standin.protocol.faults import Fault

        with self.server.lock:
            self.server.engine.faults.add(Fault(kind, calls, **facts))

    def meanwhile(self, do: Callable[[], Any]) -> None:
        """Run ``do`` once: Stripe has acted, and the next answer is on its way.

        It runs in a thread of the stand-in's, as another request would. The next
        answer may be the test's own: call this just before the app asks.
        """

        def elsewhere(response: Any) -> Any:
            try:
                do()
            finally:
                connections.close_all()
            return response

        self._next(elsewhere)

    def changes_answer(self, change: Callable[[Any], Any], times: int = 1) -> None:
        """Let ``change`` turn the next answers' JSON into other JSON, or into bytes."""

        def changed(response: Any) -> Any:
            said = change(json.loads(response.body))
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            # A copy: the recorder judges what the stand-in itself has said.
            return replace(response, body=body)

        self._next(changed, times)

    def says_no(self, code: str) -> None:
        """Let the next answer be Stripe's no, whatever it has done."""
        error = {"type": "invalid_request_error", "code": code, "message": "No."}
        body = json.dumps({"error": error}).encode()
        self._next(lambda response: replace(response, status=400, body=body))

    def _next(self, then: Callable[[Any], Any], times: int = 1) -> None:
        # Outside of the server's lock, so that `then` may ask the stand-in too.
        answer, left = self.server.answer, [times]

        def answered(request: Any) -> Any:
            left[0] -= 1
            if not left[0]:
                self.server.answer = answer
            return then(answer(request))

        self.server.answer = answered


LOGS = Path(__file__).resolve().parent.parent / "test-results/logs"


def pytest_configure(config):
    """Write down whatever is logged, as the site does it; CI looks for secrets there.

    A secret that a test logs on purpose passes the same filter as in production.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    handler = logging.FileHandler(LOGS / f"{worker}-{os.getpid()}.log", mode="w")
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(SecretsFilter())
    logging.getLogger().addHandler(handler)


RECORDER = Recorder()


@pytest.fixture(autouse=True)
def conforming():
    """Whatever passed between the app and the stand-in fits Stripe's own types."""
    yield
    assert RECORDER.misfits() == []


@pytest.fixture(autouse=True)
def closed_circuit():
    """No test suffers from the failures of the one before."""
    cache.clear()


@pytest.fixture(scope="session")
def standin_server():
    from stripe_standin.shell.server import serve

    server = serve(port=0)
    RECORDER.listen(server)
    yield server
    server.close()


@pytest.fixture
def standin(standin_server, settings):
    """A stand-in that remembers nothing, and an app that believes it is Stripe."""
    base_url = standin_server.base_url
    settings.CHECKOUT = settings.CHECKOUT | {
        "API_BASE": base_url,
        "SCRIPT_URL": f"{base_url}/endive/stripe.js",
    }
    client = stripe.StripeClient(
        settings.CHECKOUT["SECRET_KEY"],
        base_addresses={"api": base_url},
        max_network_retries=0,
    )
    desk, answer = Desk(standin_server, client), standin_server.answer
    desk.reset()
    yield desk
    standin_server.answer = answer


@pytest.fixture
def till(standin, settings):
    """The app with its built-in order source, in pounds, and the stand-in."""
    settings.CHECKOUT = settings.CHECKOUT | {
        "ORDER_SOURCE": "htmx_checkout.sources.session_total",
        "LINE_CONTROLS": "",
        "CURRENCY": "gbp",
    }
    return standin


@pytest.fixture
def begun(till):
    """Ada before the form for £42.00, and her payment."""
    ada = shopper()
    open_payment(ada)
    return ada, Payment.objects.select_related("order").get()


@pytest.fixture
def paid(till, begun):
    """Ada's payment of £42.00, settled."""
    return settled_payment(till, begun)


@pytest.fixture
def held(till, settings):
    """Ada's £42.00, which her bank holds until they are captured."""
    settings.CHECKOUT = settings.CHECKOUT | {"CAPTURE_METHOD": "manual"}
    open_payment(shopper())
    payment = Payment.objects.select_related("order").get()
    till.pay(payment.stripe_id)
    sync.refresh_order(payment.order)
    return Payment.objects.select_related("order").get()


@pytest.fixture
def heard():
    """The references of the orders that the host heard were paid."""
    orders = []

    def hear(*, order, **kwargs):
        orders.append(order.reference)

    signals.order_paid.connect(hear)
    yield orders
    signals.order_paid.disconnect(hear)
