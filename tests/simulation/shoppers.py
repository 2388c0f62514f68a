"""What shoppers do: in the checkout, at Stripe, at the bank, on the status page."""

from typing import Any

from django.test import Client

from stripe_standin.desk import actions
from tests.simulation import claims
from tests.simulation.browsers import STATUS, Browser, Tab
from tests.simulation.scene import DAY, Idle, Scene

HTMX = {"HX_Request": "true"}
AMOUNTS = (4200, 4200, 5600, 1400)
CARDS = {
    "pm_card_visa": 12,
    "pm_card_visa_chargeDeclinedInsufficientFunds": 4,
    "pm_card_authenticationRequired": 5,
    "pm_card_threeDSecureRequiredChargeDeclined": 1,
    "pm_card_pendingRefund": 2,
    "pm_card_refundFail": 2,
    "pm_card_createDispute": 1,
    "pm_card_createDisputeInquiry": 1,
}
DEBITS = ("pm_sepaDebit_success_at", "pm_sepaDebit_fail_at")
PERSON = {"billing_details[name]": "Ada", "billing_details[email]": "ada@example.com"}


def _browser(scene: Scene) -> Browser:
    # The second one is there to be somebody else; most of it happens in one.
    return scene.browsers[scene.dice.choice((0, 0, 0, 1))]


def _tab(scene: Scene, browser: Browser) -> Tab:
    if not browser.tabs or (len(browser.tabs) < 3 and scene.dice.random() < 0.2):
        browser.tabs.append(Tab())
        return browser.tabs[-1]
    return scene.dice.choice(browser.tabs)


def _paying(scene: Scene, *, confirmed: bool) -> tuple[Browser, Tab]:
    return scene.one_of(
        (browser, tab)
        for browser in scene.browsers
        for tab in browser.tabs
        if tab.secret and tab.has_confirmed == confirmed
    )


def fill(scene: Scene) -> str:
    """Put something into the bag, or take everything out."""
    browser = _browser(scene)
    amount = None if scene.dice.random() < 0.1 else scene.dice.choice(AMOUNTS)
    browser.fill(amount)
    return f"{browser.number} has {amount}"


def visit(scene: Scene) -> str:
    """Open the checkout page, reload it, or come Back to it."""
    browser = _browser(scene)
    tab = _tab(scene, browser)
    return browser.read(tab, browser.ask("get", scene.url("page")))


def press(scene: Scene) -> str:
    """Press "Continue to payment"."""
    browser = _browser(scene)
    if not browser.has_bag:
        browser.fill(scene.dice.choice(AMOUNTS))
    return f"{browser.number}: {pressed(scene, browser, _tab(scene, browser))}"


def press_next_day(scene: Scene) -> str:
    """Come back when Stripe has forgotten the keys of yesterday, and press again."""
    browser = scene.one_of(b for b in scene.browsers if b.has_bag)
    scene.tally["clock: a day passes"] += 1
    scene.clock.advance(1.1 * DAY)
    return f"{browser.number}: {pressed(scene, browser, _tab(scene, browser))}"


def pressed(scene: Scene, browser: Browser, tab: Tab, mounted: str = "") -> str:
    data = {"email": browser.email} | ({"mounted": mounted} if mounted else {})
    answer = browser.ask("post", scene.url("payment"), data, **HTMX)
    return browser.read(tab, answer)


def press_twice(scene: Scene) -> str:
    """Press in two tabs, or with another address: the same order all the same."""
    browser = _browser(scene)
    if not browser.has_bag:
        raise Idle
    browser.email = scene.dice.choice(("ada@example.com", "ada@example.net"))
    said = [pressed(scene, browser, _tab(scene, browser)) for _ in range(2)]
    return f"{browser.number}: {'; '.join(said)}"


def pay(scene: Scene) -> str:
    """Press "Pay" in a tab, however old it is."""
    browser, tab = _paying(scene, confirmed=False)
    now = browser.retrieve(tab)
    if (now.get("amount"), now.get("currency")) != (tab.amount, tab.currency):
        said = pressed(scene, browser, tab, mounted=tab.intent)
        return f"{browser.number}: total has changed, {said}"
    how = _method(scene, tab)
    scene.agreed[tab.intent] = (tab.amount, tab.currency)
    said = browser.confirm(tab, payment_method=how)
    status = said.get("status") or said["error"].get("code")
    lost = scene.strikes("browser: result of paying lost", scene.profile.browser)
    tab.has_confirmed = lost or said.get("status") not in (None, "requires_action")
    scene.tally[f"paying: {status}"] += 1
    return f"{browser.number}: {tab.amount} by {how}: {'lost' * lost or status}"


def _method(scene: Scene, tab: Tab) -> str:
    if tab.currency == "eur" and scene.dice.random() < 0.3:
        return scene.dice.choice(DEBITS)
    return scene.dice.choices(list(CARDS), list(CARDS.values()))[0]


def authenticate(scene: Scene) -> str:
    """Answer the bank's challenge: yes, no, or close its window."""
    waiting = [i for i in scene.objects("challenge") if i["status"] == "open"]
    asked = scene.one_of(waiting)
    outcome = scene.dice.choice(("complete", "complete", "fail", "cancel"))
    actions.act(scene.engine, "authenticate", {"id": asked["id"], "outcome": outcome})
    for browser in scene.browsers:
        for tab in browser.tabs:
            tab.has_confirmed |= tab.intent == asked["intent"]
    return f"{outcome} for {asked['intent'][-4:]}"


def come_back(scene: Scene) -> str:
    """Return from Stripe, with the client secret in the URL."""
    browser, tab = _paying(scene, confirmed=True)
    return f"{browser.number}: {returned(scene, browser, tab)}"


def returned(scene: Scene, browser: Browser, tab: Tab) -> str:
    query = {
        "payment_intent": tab.intent,
        "payment_intent_client_secret": tab.secret,
    }
    answer = browser.ask("get", scene.url("return", tab.token), query)
    tab.secret = tab.intent = ""
    if answer is None:
        return "answer lost"
    return look_at(scene, browser, tab.token)


def look(scene: Scene) -> str:
    """Open an order's status page, or let it poll."""
    known = [(browser, token) for browser in scene.browsers for token in browser.tokens]
    browser, token = scene.one_of(known)
    return f"{browser.number}: {look_at(scene, browser, token)}"


def look_at(scene: Scene, browser: Browser, token: str) -> str:
    began, before = scene.clock.now, scene.tally["process: overtaken"]
    name = scene.dice.choice(("status", "poll"))
    answer: Any = browser.client.get(scene.url(name, token))
    if answer.status_code != 200:
        return str(answer.status_code)
    shown = STATUS.search(answer.content.decode())[1]
    scene.tally[f"shown: {shown}"] += 1
    # What others did meanwhile may be newer than what is shown.
    was_alone = scene.tally["process: overtaken"] == before
    claims.state(scene, token, shown, began if was_alone else 0.0)
    return shown


def go_away(scene: Scene) -> str:
    """Lose the session: another device, or cookies that were cleared."""
    browser = scene.one_of(b for b in scene.browsers if b.tabs)
    browser.client, browser.tabs, browser.has_bag = Client(), [], False
    browser.tokens.clear()
    return str(browser.number)
