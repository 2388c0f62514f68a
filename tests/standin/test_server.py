"""The engine on a socket, driven by stripe-python."""

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import stripe

from stripe_standin.protocol.faults import Fault
from stripe_standin.shell.server import serve

PATH = Path(__file__).parents[2] / "checkout"
GIVEN = {"amount": 4200, "currency": "gbp"}


@pytest.fixture
def shop():
    """A webhook receiver: the events it has verified, and its answer."""
    seen = []

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            header = self.headers["Stripe-Signature"]
            seen.append(stripe.Webhook.construct_event(body, header, "whsec_shop"))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{listening.server_address[1]}/webhook", seen
    listening.shutdown()
    listening.server_close()
    thread.join()


def until(done, seconds=5):
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.005)
    return done()


def test_ada_pays_and_the_shop_hears_of_it(shop):
    url, seen = shop
    with serve(port=0, webhook_url=url, webhook_secret="whsec_shop", seed=1) as server:
        base = {"api": server.base_url}
        sdk = stripe.StripeClient("sk_test_standin", base_addresses=base)
        intent = sdk.v1.payment_intents.create(GIVEN)
        paid = sdk.v1.payment_intents.confirm(
            intent.id,
            {"payment_method": "pm_card_visa", "return_url": "https://shop.example/"},
        )
        assert paid.status == "succeeded"
        assert until(lambda: len(seen) >= 3)
    assert [event.type for event in seen[:3]] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


def test_the_packages_errors_are_the_right_ones(sdk):
    with pytest.raises(stripe.CardError) as declined:
        sdk.v1.payment_intents.create(
            GIVEN
            | {
                "confirm": True,
                "payment_method": "pm_card_visa_chargeDeclined",
                "return_url": "https://shop.example/",
            }
        )
    assert declined.value.error.payment_intent.status == "requires_payment_method"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.payment_intents.create(GIVEN | {"payment_method_types": ["card"]})
    assert refused.value.code == "payment_method_types_no_longer_supported"


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("sk_test_wrong", stripe.AuthenticationError),
        ("sk_live_1234", stripe.AuthenticationError),
        ("rk_test_none", stripe.PermissionError),
    ],
)
def test_a_wrong_key_is_the_right_error(server, key, error):
    sdk = stripe.StripeClient(key, base_addresses={"api": server.base_url})
    with pytest.raises(error):
        sdk.v1.balance.retrieve()


def test_paging_walks_through_everything(sdk):
    made = [sdk.v1.payment_intents.create(GIVEN).id for _ in range(7)]
    page = sdk.v1.payment_intents.list({"limit": 3})
    assert [row.id for row in page.auto_paging_iter()] == made[::-1]


@pytest.mark.parametrize(
    ("kind", "replayed"), [("reset_before", 0), ("reset_after", 1)]
)
def test_a_retry_after_a_lost_answer_makes_one_intent(server, kind, replayed):
    sdk = stripe.StripeClient(
        "sk_test_standin",
        base_addresses={"api": server.base_url},
        max_network_retries=1,
    )
    server.engine.faults.add(Fault(kind))
    intent = sdk.v1.payment_intents.create(GIVEN)
    assert [row.id for row in sdk.v1.payment_intents.list().data] == [intent.id]
    headers = intent.last_response.headers
    assert ("Idempotent-Replayed" in headers) == replayed


def test_a_key_in_flight_is_409_on_the_wire(server, sdk):
    server.engine.faults.add(Fault("slow", seconds=0.3))
    key = {"idempotency_key": "k1"}
    first = threading.Thread(target=sdk.v1.payment_intents.create, args=(GIVEN, key))
    first.start()
    assert until(lambda: server.engine.answers.by_key)
    with pytest.raises(stripe.APIError) as busy:
        sdk.v1.payment_intents.create(GIVEN, key)
    assert busy.value.http_status == 409
    first.join()
    assert sdk.v1.payment_intents.create(GIVEN, key).amount == 4200
    assert len(sdk.v1.payment_intents.list().data) == 1


def test_many_at_once_lose_nothing(sdk):
    def make():
        sdk.v1.payment_intents.create(GIVEN)

    threads = [threading.Thread(target=make) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sdk.v1.payment_intents.list({"limit": 100}).data) == 20


def test_calls_can_be_counted_over_the_wire(server, sdk):
    sdk.v1.payment_intents.create(GIVEN)
    url = f"{server.base_url}/desk/api/calls?method=POST&path=/v1/payment_intents"
    with urllib.request.urlopen(url) as answer:
        assert json.load(answer)["count"] == 1


@pytest.mark.parametrize("length", ["-1", "many", str(1 << 30)])
def test_a_body_of_odd_length_is_refused_unread(server, length):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        head = f"POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n"
        line.sendall(head.encode() + b"\r\n")
        assert line.recv(64).split()[1] in {b"400", b"413"}


def test_it_listens_on_the_loopback_only(server):
    assert server.http.server_address[0] == "127.0.0.1"


def test_closing_frees_the_port_and_may_be_repeated():
    first = serve(port=0)
    first.close()
    first.close()
    with serve(port=first.port) as second:
        assert second.port == first.port


def start(*args, **env):
    named = {**os.environ, "PYTHONPATH": str(PATH)} | env
    return subprocess.run(
        [sys.executable, "-m", "stripe_standin", *args],
        env=named,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_it_never_starts_beside_a_live_key():
    done = start("--port", "0", STRIPE_SECRET_KEY="sk_live_1234567890")
    assert done.returncode == 1
    assert "live" in done.stderr
    assert "1234567890" not in done.stderr


def test_a_busy_port_is_one_clear_line(server):
    done = start("--port", str(server.port))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(server.port) in done.stderr
