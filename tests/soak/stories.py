"""What shoppers do, one function each, by the story's name.

A story ends by itself, by ``StoryOver``, or by ``Cut`` where a connection breaks
and nobody presses again. What a shopper was told is compared with the truth.
"""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from urllib.parse import urlencode, urlsplit

import requests

from . import stripe
from .browser import Browser, StoryOver, Till
from .clicks import continue_in, together
from .counts import Counts
from .stripe import Standin

# After a yes of Stripe's, a page that says one of these would make a shopper pay
# twice (invariant I14).
LIES = ("declined", "unpaid", "cancelled")


class Shopper:
    """One person with a browser, and Stripe.js in it."""

    def __init__(
        self, browser: Browser, standin: Standin, counts: Counts, dice: Random
    ) -> None:
        self.browser, self.standin = browser, standin
        self.counts, self.dice = counts, dice
        self.email = f"ada{dice.randrange(10**6)}@example.com"

    def fill(self, currency: str = "") -> None:
        self.browser.choose(currency or self.dice.choice(("gbp", "usd", "jpy", "kwd")))
        self.browser.think()

    def till(self) -> Till:
        """The payment step; if the last order is paid by now, that is shown first."""
        for _ in range(2):
            found = self.browser.open_till(self.email)
            self.browser.think()
            if isinstance(found, Till):
                return found
            self.browser.state(found)
            self.fill()
        raise StoryOver("The order is past the payment.")

    def pay(self, till: Till, method: str = stripe.CARD) -> dict[str, object]:
        """Press the button: the script compares, then Stripe.js confirms."""
        self.compare(till)
        return self.note(
            till, self.standin.confirm(till.secret, method, till.return_url)
        )

    def debit(self, till: Till, iban: str) -> dict[str, object]:
        self.compare(till)
        return self.note(till, self.standin.debit(till.secret, iban, till.return_url))

    def compare(self, till: Till) -> None:
        """What is charged must be what the button says, whatever another tab did."""
        now = self.standin.look(till.secret)
        if (now.get("amount"), now.get("currency")) != (till.amount, till.currency):
            raise StoryOver("The total has changed.")

    def note(self, till: Till, intent: dict[str, object]) -> dict[str, object]:
        if intent.get("status") != "succeeded":
            return intent
        # What was agreed to; what was charged is compared in the end.
        self.counts.agreed[str(intent["id"])] = (till.amount, till.currency)
        return intent

    def come_back(self, till: Till, intent: dict[str, object]) -> str:
        """Follow the return URL, and look until the page has an answer."""
        query = {
            "payment_intent": stripe.name(till.secret),
            "payment_intent_client_secret": till.secret,
            "redirect_status": "succeeded",
        }
        path = f"{urlsplit(till.return_url).path}?{urlencode(query)}"
        state = self.browser.state(path)
        token = path.split("/")[3]
        self.judge(till, intent, state)
        for look in range(6):
            if state not in ("unknown", "processing"):
                break
            self.browser.think(0.8, 1.5)
            state = self.browser.state(f"/checkout/status/{token}/poll/?look={look}")
            self.judge(till, intent, state)
        self.counts.add(f"shown: {state}")
        return state

    def judge(self, till: Till, intent: dict[str, object], state: str) -> None:
        if intent.get("status") == "succeeded" and state in LIES:
            # Unless it was paid back meanwhile, or never belonged to its order.
            now = self.standin.look(till.secret)
            self.counts.violate(f"{now.get('id')} is paid, the page says {state} (I14)")


def pays(ada: Shopper) -> None:
    ada.fill()
    till = ada.till()
    ada.come_back(till, ada.pay(till))


def closes_the_tab(ada: Shopper) -> None:
    ada.fill()
    ada.pay(ada.till())


def is_declined_and_pays(ada: Shopper) -> None:
    ada.fill()
    till = ada.till()
    ada.pay(till, stripe.CARD_DECLINED)
    ada.browser.think()
    ada.come_back(till, ada.pay(till))


def pays_by_debit(ada: Shopper) -> None:
    ada.fill("eur")
    till = ada.till()
    ada.come_back(till, ada.debit(till, stripe.IBAN))


def is_refused_by_the_bank(ada: Shopper) -> None:
    ada.fill("eur")
    till = ada.till()
    ada.come_back(till, ada.debit(till, stripe.IBAN_FAILS))
    ada.browser.think(1, 3)
    found = ada.browser.open_till(ada.email)
    if isinstance(found, Till):
        ada.come_back(found, ada.pay(found))


def proves_who_she_is(ada: Shopper) -> None:
    ada.fill()
    till = ada.till()
    ada.pay(till, stripe.CARD_ASKS)
    ada.browser.think(0.5, 2)
    outcome = ada.dice.choice(("complete", "complete", "fail"))
    ada.standin.act("authenticate", id=stripe.name(till.secret), outcome=outcome)
    ada.come_back(till, ada.standin.look(till.secret))


def clicks_twice(ada: Shopper) -> None:
    """Several clicks at once, on "Continue" and then on "Pay"."""
    ada.fill()
    tills = continue_in([ada.browser.tab() for _ in range(3)], ada.email)
    secrets = {till.secret for till in tills}
    if len(secrets) > 1:
        # Staff may have cancelled the first one between the clicks.
        looks = [ada.standin.look(secret)["status"] for secret in secrets]
        if len(looks) - looks.count("canceled") > 1:
            ada.counts.violate(f"one double click got two intents: {looks} (F59)")
    if not tills:
        raise StoryOver("No click was answered.")
    ada.compare(tills[0])
    intents: list[dict[str, object]] = []

    def press() -> None:
        # A connection to Stripe of its own: a session is no two threads'.
        twin = Standin(ada.standin.base_url, ada.standin.publishable_key)
        with suppress(requests.RequestException):
            till = tills[0]
            intents.append(twin.confirm(till.secret, stripe.CARD, till.return_url))

    together([press, press])
    ada.come_back(tills[0], {})


def pays_in_two_tabs(ada: Shopper) -> None:
    ada.fill()
    first, second = ada.till(), ada.till()
    intent = ada.pay(first)
    ada.pay(second)
    ada.come_back(first, intent)


def changes_the_bag(ada: Shopper) -> None:
    """The button has to follow, and what it says last is what is charged."""
    ada.fill()
    ada.till()
    ada.browser.hold("ink", ada.dice.randint(2, 9))
    till = ada.till()
    ada.come_back(till, ada.pay(till))


def pays_what_a_stale_tab_says(ada: Shopper) -> None:
    ada.fill()
    till = ada.till()
    ada.browser.tab().hold("pen", ada.dice.randint(2, 9))
    ada.come_back(till, ada.pay(till))


def comes_again_after_paying(ada: Shopper) -> None:
    """Never saw the answer: presses everything again, and must not pay twice."""
    ada.fill()
    ada.pay(ada.till())
    for _ in range(2):
        found = ada.browser.open_till(ada.email)
        if isinstance(found, str):
            ada.browser.state(found)
            return
        # Stripe has not been asked since; it refuses what is paid already.
        ada.standin.confirm(found.secret, stripe.CARD, found.return_url)


def goes_away(ada: Shopper) -> None:
    ada.fill()
    ada.till()


def loses_the_answer_of_stripe(ada: Shopper) -> None:
    """Stripe has taken it, the browser does not know: the page must find out."""
    ada.fill()
    till = ada.till()
    intent = ada.pay(till)
    token = urlsplit(till.return_url).path.split("/")[3]
    ada.judge(till, intent, ada.browser.state(f"/checkout/status/{token}/?unsure"))


STORIES: dict[str, Callable[[Shopper], None]] = {
    story.__name__.replace("_", " "): story
    for story in (
        pays,
        closes_the_tab,
        is_declined_and_pays,
        pays_by_debit,
        is_refused_by_the_bank,
        proves_who_she_is,
        clicks_twice,
        pays_in_two_tabs,
        changes_the_bag,
        pays_what_a_stale_tab_says,
        comes_again_after_paying,
        goes_away,
        loses_the_answer_of_stripe,
    )
}
