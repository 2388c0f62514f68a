"""Fixtures: a stand-in for Stripe on a socket, and the app set to talk to it.

The fake stands at the network's edge: the app under test sends real HTTP
through the real stripe package. Nothing inside the app is patched.
"""

import os
from dataclasses import dataclass
from typing import Any

import pytest
import stripe

from checkout import signals
from tests.conformance import Recorder

# Playwright keeps an event loop in the main thread, and Django then refuses
# its own synchronous database calls there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


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
        """The next calls meet ``kind`` (see ``standin.faults``)."""
        from standin.faults import Fault

        with self.server.lock:
            self.server.engine.faults.add(Fault(kind, calls, **facts))


RECORDER = Recorder()


@pytest.fixture(autouse=True)
def conforming():
    """Whatever passed between the app and the stand-in fits Stripe's own types."""
    yield
    assert RECORDER.misfits() == []


@pytest.fixture(scope="session")
def standin_server():
    from standin.server import serve

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
    desk = Desk(standin_server, client)
    desk.reset()
    return desk


@pytest.fixture
def till(standin, settings):
    """The app with its built-in order source, in pounds, and the stand-in."""
    settings.CHECKOUT = settings.CHECKOUT | {
        "ORDER_SOURCE": "checkout.sources.session_total",
        "LINE_CONTROLS": "",
        "CURRENCY": "gbp",
    }
    return standin


@pytest.fixture
def heard():
    """The references of the orders that the host heard were paid."""
    orders = []

    def hear(*, order, **kwargs):
        orders.append(order.reference)

    signals.order_paid.connect(hear)
    yield orders
    signals.order_paid.disconnect(hear)
