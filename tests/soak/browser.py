"""One shopper's browser: cookies, forms, and a connection that may break."""

import html
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import requests

# Longer than the app may take for two calls to Stripe that are not answered.
TIMEOUT_SECONDS = 45
SECRET = re.compile(r'data-secret="([^"]+)"')
RETURN = re.compile(r'data-return="([^"]+)"')
BUTTON = re.compile(r'data-amount="(\d+)" data-currency="(\w+)"')
STATE = re.compile(r'data-status="(\w+)"')


class Cut(Exception):
    """No answer, or none of use: the shopper does not know what has happened."""


class StoryOver(Exception):
    """There is no way on, or the soak ends."""


@dataclass(frozen=True, slots=True)
class Till:
    """The payment step as the shopper sees it; ``amount`` is in minor units."""

    secret: str
    return_url: str
    amount: int
    currency: str


class Browser:
    """Cookies and the way to the shop. ``stopping`` ends every step."""

    def __init__(self, origin: str, dice: Random, stopping: Callable[[], bool]) -> None:
        self.origin, self.dice, self.stopping = origin, dice, stopping
        self.cookies: dict[str, str] = {}

    def tab(self) -> "Browser":
        """Another tab: the same cookies."""
        other = Browser(self.origin, self.dice, self.stopping)
        other.cookies = self.cookies
        return other

    def get(self, path: str, **params: str) -> requests.Response:
        return self._ask("GET", path, params=params)

    def post(self, path: str, **fields: str) -> requests.Response:
        return self._ask("POST", path, data=fields)

    def insist(self, step: Callable[[], requests.Response]) -> requests.Response:
        """Do a step again until it is answered, as people press again."""
        for _ in range(8):
            try:
                return step()
            except Cut:
                self.think(0.3, 1.5)
        raise StoryOver("The shopper has lost patience.")

    def think(self, least: float = 0.1, most: float = 0.6) -> None:
        """Wait as people do; raises ``StoryOver`` when the soak ends."""
        until = time.monotonic() + self.dice.uniform(least, most)
        while not self.stopping() and time.monotonic() < until:
            time.sleep(0.05)
        if self.stopping():
            raise StoryOver("The soak ends.")

    def choose(self, currency: str) -> None:
        """Put something into the bag, priced in ``currency``."""
        self.insist(lambda: self.get("/"))
        self.insist(lambda: self.post("/currency/", currency=currency))
        for reference in self.dice.sample(("notebook", "ink", "pen", "letters"), 2):
            self.hold(reference, self.dice.randint(1, 4))

    def hold(self, reference: str, quantity: int) -> None:
        """Have so many pieces in the bag. Safe to repeat."""
        path = f"/bag/quantity/{reference}/"
        self.insist(lambda: self.post(path, quantity=str(quantity)))

    def open_till(self, email: str) -> Till | str:
        """Press "Continue to payment"; a string is the way to the order's state."""
        answer = self.insist(lambda: self.post("/checkout/payment/", email=email))
        if way := answer.headers.get("HX-Redirect"):
            return way
        secret, back = SECRET.search(answer.text), RETURN.search(answer.text)
        button = BUTTON.search(answer.text)
        if secret is None or back is None or button is None:
            raise StoryOver(f"No payment step: {answer.status_code}")
        return Till(
            html.unescape(secret[1]), html.unescape(back[1]), int(button[1]), button[2]
        )

    def state(self, path: str) -> str:
        """What the status page at ``path`` says: paid, unknown, …"""
        found = STATE.search(self.insist(lambda: self.get(path)).text)
        if found is None:
            raise StoryOver("This is no status page.")
        return found[1]

    def _ask(self, method: str, path: str, **facts: object) -> requests.Response:
        headers = {"Connection": "close"}
        if method == "POST":
            headers |= {"X-CSRFToken": self.cookies.get("csrftoken", "")}
            headers |= {"HX-Request": "true"}
        url = path if path.startswith("http") else self.origin + path
        try:
            with requests.Session() as http:
                http.trust_env = False
                http.cookies.update(self.cookies)
                answer = http.request(
                    method, url, headers=headers, timeout=TIMEOUT_SECONDS, **facts
                )
                self.cookies.update(http.cookies.get_dict())
        except requests.RequestException as error:
            raise Cut(type(error).__name__) from None
        # Django answers 400 where the database is cut while it saves a session.
        if answer.status_code >= 500 or answer.status_code == 400:
            raise Cut(str(answer.status_code))
        return answer
