"""A shopper's browser: tabs, and what Stripe.js does in them."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

SECRET = re.compile(r'data-secret="((pi_\w+?)_secret_\w+)" data-return="([^"]+)"')
BUTTON = re.compile(r'data-amount="(\d+)" data-currency="(\w+)"')
STATUS = re.compile(r'id="status" data-status="(\w+)"')
TOKEN = re.compile(r"/(?:status|return)/([\w-]+)/")


@dataclass(slots=True)
class Tab:
    """What one tab shows: ``intent`` and ``secret`` are empty before the pay step.

    ``amount`` is in minor units of ``currency``, and stands on the button.
    """

    intent: str = ""
    secret: str = ""
    amount: int = 0
    currency: str = ""
    return_url: str = ""
    token: str = ""
    has_confirmed: bool = False


class Browser:
    """One shopper's browser, with a session that may end."""

    def __init__(self, scene: Any, number: int) -> None:
        self.scene, self.number = scene, number
        self.email = ("ada@example.com", "grace@example.com")[number]
        self.client = Client()
        self.tabs: list[Tab] = []
        self.tokens: list[str] = []
        self.has_bag = False

    def fill(self, amount: int | None) -> None:
        """Make the bag worth ``amount`` minor units; None empties it."""
        session = self.client.session
        session.pop("order_total", None)
        if amount is not None:
            session["order_total"] = amount
        session.save()
        # A session that has ended meanwhile has got another key.
        self.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        self.has_bag = amount is not None

    def ask(self, method: str, url: str, data: Any = None, **headers: str) -> Any:
        """One request to the app; None if its answer is lost on the way here."""
        send = getattr(self.client, method.lower())
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        response = send(url, data, headers=given)
        if self.scene.strikes("browser: answer lost", self.scene.profile.browser):
            return None
        return response

    def confirm(self, tab: Tab, **how: str) -> dict[str, Any]:
        """``stripe.confirmPayment``: what Stripe says to this browser."""
        said = self.scene.stripe(
            "POST",
            f"/v1/payment_intents/{tab.intent}/confirm",
            key=settings.CHECKOUT["PUBLISHABLE_KEY"],
            client_secret=tab.secret,
            return_url=tab.return_url,
            **how,
        )
        found: dict[str, Any] = said.json()
        return found

    def retrieve(self, tab: Tab) -> dict[str, Any]:
        """``stripe.retrievePaymentIntent``, which the page asks before it pays."""
        said = self.scene.stripe(
            "GET",
            f"/v1/payment_intents/{tab.intent}",
            key=settings.CHECKOUT["PUBLISHABLE_KEY"],
            client_secret=tab.secret,
        )
        found: dict[str, Any] = said.json()
        return found

    def read(self, tab: Tab, response: Any) -> str:
        """Let ``tab`` show ``response``; says in a word what it is."""
        if response is None:
            return "answer lost"
        gone = response.headers.get("HX-Redirect") or response.headers.get("Location")
        if gone:
            return self.go(tab, gone)
        text = response.content.decode()
        if found := SECRET.search(text):
            tab.secret, tab.intent, tab.return_url = found.groups()
            tab.token = TOKEN.search(tab.return_url).group(1)
            tab.has_confirmed = False
            self.know(tab.token)
            self.scene.handed.add(tab.intent)
        if found := BUTTON.search(text):
            tab.amount, tab.currency = int(found[1]), found[2]
            return f"{response.status_code}, pay {tab.amount} by {tab.intent[-4:]}"
        return str(response.status_code)

    def go(self, tab: Tab, url: str) -> str:
        found = TOKEN.search(urlsplit(url).path)
        if found:
            tab.token = found.group(1)
            self.know(tab.token)
        return f"sent to {urlsplit(url).path.split('/')[2] or 'the checkout'}"

    def know(self, token: str) -> None:
        if token not in self.tokens:
            self.tokens.append(token)
