"""What a shopper does in the shop and on the checkout page, by its plain name."""

import re
import time
from importlib import import_module

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests.support.cast import ADA

PAYS = "4242424242424242"
DECLINED = "4000000000000002"
ASKS_THE_BANK = "4000002760003184"
DEBIT = "AT611904300234573201"
SLOW_DEBIT = "AT321904300235473204"

both_htmx = pytest.mark.parametrize("htmx_major", [2, 4], ids=["htmx 2", "htmx 4"])

TWO_FRAMES = """new Promise(
  (drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)),
)"""
FRAME = 'iframe[name^="__privateStripeFrame"]'


class Shopper:
    """A tab, and the verbs that the tests need. ``url`` is the shop's origin."""

    def __init__(self, page, url):
        self.page, self.url = page, url

    def another_tab(self):
        return Shopper(self.page.context.new_page(), self.url)

    def visit(self, name, *args, query="", wait_until="load"):
        address = self.url + reverse(name, args=args) + query
        self.page.goto(address, wait_until=wait_until)
        return self

    def hold(self, currency="gbp", **quantities):
        """Start with a filled bag, without walking along the shelf."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session["bag"], session["order_currency"] = quantities, currency
        session.create()
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": session.session_key, "url": self.url}
        self.page.context.add_cookies([cookie])
        return self

    def rearrange(self, **quantities):
        """Change the bag behind the back of every open page."""
        cookies = self.page.context.cookies(self.url)
        (key,) = (c["value"] for c in cookies if c["name"] == "sessionid")
        session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        session["bag"] = quantities
        session.save()

    def back(self):
        """Press Back. Playwright's own way waits for ever on a page kept whole."""
        self.page.evaluate("setTimeout(() => history.back(), 10)")

    def take(self, name):
        """Put one piece of a product on the shelf into the bag."""
        button = self.page.get_by_role("button", name=re.compile(f"Add to bag.*{name}"))
        button.click()
        return self

    # --- The checkout page ----------------------------------------------------

    @property
    def email(self):
        return self.page.get_by_label("E-mail")

    @property
    def pay_button(self):
        return self.page.locator("#payment-button")

    @property
    def message(self):
        return self.page.locator("#payment-message")

    @property
    def trouble(self):
        return self.page.locator("#payment-trouble")

    @property
    def total(self):
        return self.page.locator("#summary .sum__total")

    @property
    def frames(self):
        """The frames of the Element; there is never more than one."""
        return self.page.locator(f"#payment-element {FRAME}")

    @property
    def element(self):
        return self.page.frame_locator(f"#payment-element {FRAME}")

    def go_on(self, email=ADA):
        """Type the e-mail address and press "Continue to payment"."""
        if email is not None:
            self.email.fill(email)
        self.page.get_by_role("button", name="Continue to payment").click()
        return self

    def reach_payment(self, currency="gbp", email=ADA, **bag):
        """Stand before the Element, ready to type."""
        self.hold(currency, **bag or {"notebook": 2, "letters": 1})
        self.visit("htmx_checkout:page").go_on(email)
        return self.see_element()

    def see_element(self):
        expect(self.frames).to_have_count(1)
        expect(self.element.locator("#root[data-loading]")).to_have_count(0)
        expect(self.element.locator("[name=number]")).to_be_attached()
        return self

    def type_card(self, number=PAYS):
        for name, text in (("number", number), ("expiry", "12 / 34"), ("cvc", "123")):
            self.element.locator(f"[name={name}]").fill(text)
        return self

    def choose(self, kind):
        """Choose another way to pay: ``ideal`` or ``sepa_debit``."""
        self.element.get_by_test_id(kind).click()
        return self

    def type_debit(self, iban=DEBIT, name="Ada Quill", email=ADA):
        self.choose("sepa_debit")
        fields = (("name", name), ("email", email), ("iban", iban))
        for field, text in fields:
            self.element.locator(f"#sepa_debit-panel [name={field}]").fill(text)
        return self

    def pay(self):
        """Press the button with the mouse.

        Chromium aims by the last frame that was drawn: a click in the moment of
        scrolling would still hit the Element, which stood there before.
        """
        self.pay_button.scroll_into_view_if_needed()
        self.page.evaluate(TWO_FRAMES)
        self.pay_button.click()
        return self

    @property
    def bank(self):
        """What the bank asks, in the box over the page."""
        return self.box.frame_locator("iframe[name=stripe-challenge-frame]")

    @property
    def box(self):
        return self.page.frame_locator(f"body > {FRAME}")

    def sees(self, status):
        """The status page, and on it this state."""
        expect(self.page.locator("#status")).to_have_attribute("data-status", status)
        return self

    def is_at(self, status):
        """True if the status page shows this state at this very moment."""
        return self.page.locator(f'#status[data-status="{status}"]').count() == 1

    def is_told(self, *words):
        """Somewhere in the main part of the page, in this order."""
        pattern = re.compile(".*".join(map(re.escape, words)), re.DOTALL)
        expect(self.page.locator("main")).to_contain_text(pattern)
        return self


def until(true, seconds=10):
    """Wait for something that no locator can see. Keeps the page alive meanwhile."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "It did not come true in time."
        time.sleep(0.05)
    return found


def confirms(standin):
    """How often a payment was confirmed at the stand-in."""
    calls = standin.calls()
    return [call for call in calls if call["path"].endswith("/confirm")]


def charges(standin):
    return standin.client.v1.charges.list().data
