"""A shop of one page on another origin, and a browser that forgives nothing."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from stripe_standin.shell.server import serve
from tests.browser.standin.card_element import MOUNT

SHOP = (Path(__file__).parent / "shop.html").read_text()
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-n0nce' {0}; style-src 'self'; "
    "img-src 'self'; connect-src 'self' {0}; frame-src {0}; base-uri 'none'"
)


@pytest.fixture(scope="session")
def standin():
    server = serve(port=0, seed=11)
    yield server
    server.close()


@pytest.fixture(scope="session")
def shop_origin(standin):
    """The embedding page: any path, the script's address in ``?script=``."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self):
            query = parse_qs(urlsplit(self.path).query)
            script = standin.base_url + query.get("script", ["/endive/stripe.js"])[0]
            body = SHOP.replace("SCRIPT", script).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = POLICY.format(standin.base_url)
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            """Say nothing between the lines of the test report."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass
class Api:
    """The shop's server side: the public API with the secret key."""

    base_url: str

    def post(self, path, **params):
        body = urlencode(list(pairs(params))).encode()
        return self.send(Request(self.base_url + path, body))

    def get(self, path):
        return self.send(Request(self.base_url + path))

    def send(self, request):
        request.add_header("Authorization", "Bearer sk_test_standin")
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def intent(self, amount=4200, currency="gbp", **params):
        return self.post(
            "/v1/payment_intents", amount=amount, currency=currency, **params
        )

    def status(self, intent):
        return self.get(f"/v1/payment_intents/{intent['id']}")["status"]


def pairs(value, name=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from pairs(item, f"{name}[{key}]" if name else key)
    elif isinstance(value, (list, tuple)):
        for place, item in enumerate(value):
            yield from pairs(item, f"{name}[{place}]")
    else:
        yield name, str(value).lower() if isinstance(value, bool) else value


@pytest.fixture
def api(standin):
    return Api(standin.base_url)


@pytest.fixture(scope="session")
def standin_context(chromium):
    """One for all tests: the stand-in keeps nothing in the browser but its files."""
    context = chromium.new_context(locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def forgiven():
    """Parts of console errors that a test expects; empty unless it adds some."""
    return []


@pytest.fixture
def standin_tab(standin_context, forgiven):
    """A tab in which no console error and no policy violation may happen."""
    tab = standin_context.new_page()
    tab.set_default_timeout(8000)
    troubles = []
    tab.on("pageerror", lambda error: troubles.append(f"uncaught: {error}"))
    tab.on(
        "console",
        lambda entry: entry.type == "error" and troubles.append(entry.text),
    )
    yield tab
    tab.close()
    assert [text for text in troubles if not any(x in text for x in forgiven)] == []


class Till:
    """The embedding page, with the verbs that the tests need."""

    def __init__(self, tab, origin):
        self.tab, self.origin = tab, origin

    def open(self, script="/endive/stripe.js"):
        self.tab.goto(f"{self.origin}/pay?{urlencode({'script': script})}")
        return self

    def run(self, body, **given):
        """Run the body of an async function; ``given`` is there as variables."""
        names = ", ".join(given)
        return self.tab.evaluate(
            f"({{{names}}}) => (async () => {{ {body} }})()", given
        )

    def mount(self, secret, *, options=None, element=None):
        """A Payment Element, ready to be typed into."""
        self.run(
            "await shop.mount({clientSecret: secret, ...options}, element)",
            secret=secret,
            options=options or {},
            element=element or {},
        )
        return self

    def frame(self, place=0):
        frames = self.tab.frame_locator('iframe[name^="__privateStripeFrame"]')
        return frames.nth(place)

    def fill(self, number, expiry="12 / 34", cvc="123", *, place=0):
        fields = self.frame(place)
        fields.locator("[name=number]").fill(number)
        fields.locator("[name=expiry]").fill(expiry)
        fields.locator("[name=cvc]").fill(cvc)

    def start(self, redirect="if_required"):
        """Press the button; ``shop.answer`` is the promise of what comes."""
        self.run("shop.confirm({redirect})", redirect=redirect)

    def answer(self):
        late = "new Promise((_, no) => setTimeout(() => no('no answer'), 8000))"
        return self.tab.evaluate(f"Promise.race([shop.answer, {late}])")

    def pay(self, **given):
        self.start(**given)
        return self.answer()

    def challenge(self):
        outer = self.tab.frame_locator("body > iframe[name^=__privateStripeFrame]")
        return outer.frame_locator("iframe[name=stripe-challenge-frame]")

    def until(self, condition):
        """Wait for an expression. Playwright's own way of waiting needs eval."""
        self.run(
            f"while (!({condition})) await new Promise((go) => setTimeout(go, 20))"
        )

    def events(self, name=None):
        seen = self.tab.evaluate("shop.events")
        return [entry for entry in seen if name in (None, entry["name"])]


@pytest.fixture
def till(standin_tab, shop_origin):
    return Till(standin_tab, shop_origin).open()


@pytest.fixture
def old_till(standin_tab, shop_origin):
    """A page that loads the script as it was before release trains."""
    return Till(standin_tab, shop_origin).open("/v3/")


@pytest.fixture
def card_till(old_till):
    """An old page with a Card Element on it."""
    old_till.run(MOUNT)
    return old_till
