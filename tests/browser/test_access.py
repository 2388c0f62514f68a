"""Every page and state: for any eye, any hand, any width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.shopper import DECLINED, SLOW_DEBIT
from tests.cast import ADA

pytestmark = pytest.mark.browser

WIDTHS = (320, 1280)
STATUS = r"the server responded with a status of"
AXE = Axe()


def shelf(ada):
    ada.hold(notebook=2).visit("shop:shelf")


def bag(ada):
    ada.hold(notebook=2, ink=1).visit("shop:bag")


def empty_bag(ada):
    ada.visit("shop:bag")


def too_small_a_bag(ada):
    ada.hold(tape=1).visit("shop:bag")


def details(ada):
    ada.hold(notebook=2, ink=1).visit("htmx_checkout:page")


def wrong_details(ada):
    ada.hold(notebook=2).visit("htmx_checkout:page").go_on("ada at example")
    expect(ada.page.locator("#email-problem")).to_be_visible()


def payment(ada):
    ada.reach_payment()


def payment_among_many_ways(ada):
    ada.reach_payment("eur", notebook=2)


def refused_card(ada):
    ada.reach_payment().type_card(DECLINED).pay()
    expect(ada.message).to_be_visible()


def no_element(ada):
    ada.page.route("**/v1/elements/sessions*", lambda route: route.abort())
    ada.hold(notebook=2).visit("htmx_checkout:page").go_on()
    expect(ada.trouble).to_be_visible()


def paid(ada):
    ada.reach_payment().type_card().pay().sees("paid")


def processing(ada):
    ada.reach_payment("eur").type_debit(SLOW_DEBIT).pay().sees("processing")


def refused_by_the_bank(ada):
    ada.reach_payment("eur").choose("ideal").pay()
    ada.page.get_by_role("button", name="Fail Test Payment").click()
    ada.sees("declined")


def unsure(ada):
    ada.reach_payment().type_card()
    ada.page.route("**/confirm?*", lambda route: route.abort())
    ada.pay().sees("unknown")


def nothing_to_pay(ada):
    ada.visit("htmx_checkout:page")


def not_found(ada):
    ada.visit("htmx_checkout:status", "nothing")


STATES = [
    shelf,
    bag,
    empty_bag,
    too_small_a_bag,
    details,
    wrong_details,
    payment,
    payment_among_many_ways,
    refused_card,
    no_element,
    paid,
    processing,
    refused_by_the_bank,
    unsure,
    nothing_to_pay,
    not_found,
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_state_is_for_everybody(ada, watch, state):
    watch.expect(STATUS, "net::ERR_FAILED")
    state(ada)
    # The frame, if there is one, has told its height by the time it is ready.
    if ada.frames.count() and ada.trouble.is_hidden():
        ada.see_element()
    for width in WIDTHS:
        ada.page.set_viewport_size({"width": width, "height": 800})
        assert not too_wide(ada.page), f"It scrolls sideways at {width}."
        ada.page.emulate_media(color_scheme="light")
        assert violations(ada.page) == [], f"light, {width} px"
        # The dark scheme changes colours and nothing else.
        ada.page.emulate_media(color_scheme="dark")
        assert violations(ada.page, runOnly=["color-contrast"]) == [], f"dark, {width}"


def too_wide(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def violations(page, **options):
    """What axe finds wrong, as pairs of a rule and the places that break it."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.axe_script)
    given = {"resultTypes": ["violations"]} | options
    run = "(given) => axe.run(given).then((found) => found.violations)"
    return [
        (one["id"], [node["target"] for node in one["nodes"]])
        for one in page.evaluate(run, given)
    ]


def test_axe_sees_what_is_wrong(ada):
    ada.visit("shop:shelf")
    ada.page.evaluate("document.querySelector('h1').style.color = '#eee'")
    ada.page.evaluate("document.body.append(document.createElement('button'))")
    assert {name for name, _nodes in violations(ada.page)} >= {
        "button-name",
        "color-contrast",
    }


def test_a_page_that_is_too_wide_is_noticed(ada):
    ada.visit("shop:shelf")
    ada.page.set_viewport_size({"width": 320, "height": 800})
    ada.page.evaluate("document.body.style.minInlineSize = '400px'")
    assert too_wide(ada.page)


class Keyboard:
    """Hands that find no mouse: everything is reached by Tab."""

    def __init__(self, page):
        self.page = page

    def reach(self, wanted, key="Tab", within=40):
        """Press ``key`` until ``wanted`` has the focus."""
        for _press in range(within):
            if self.focused(wanted):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{within} times {key}, and no {wanted}.")

    def focused(self, wanted):
        here = "element => element === document.activeElement"
        return wanted.count() == 1 and wanted.evaluate(here)


def test_the_whole_way_can_be_gone_by_keyboard(ada):
    page, keys = ada.visit("shop:shelf").page, Keyboard(ada.page)
    keys.reach(page.locator("#add-notebook-button"))
    page.keyboard.press("Enter")
    expect(page.locator("#bag-summary")).to_contain_text("1 item")
    assert keys.focused(page.locator("#add-notebook-button"))
    keys.reach(page.locator("#bag-summary"), "Shift+Tab")
    page.keyboard.press("Enter")
    to_checkout = page.get_by_role("link", name="Go to checkout")
    to_checkout.wait_for()
    keys.reach(to_checkout)
    page.keyboard.press("Enter")
    ada.email.wait_for()
    keys.reach(ada.email)
    page.keyboard.type(ADA)
    page.keyboard.press("Enter")
    ada.see_element()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    keys.reach(ada.element.locator("[name=number]"))
    for text in ("4242424242424242", "1234", "123"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    keys.reach(ada.pay_button)
    page.keyboard.press("Enter")
    ada.sees("paid")


def test_a_closed_box_of_the_bank_gives_the_focus_back(ada):
    ada.reach_payment().type_card("4000002760003184").pay()
    ada.bank.get_by_role("button", name="Complete").wait_for()
    ada.page.keyboard.press("Escape")
    expect(ada.message).to_be_focused()
    expect(ada.pay_button).to_be_enabled()


def test_what_changes_is_read_out(ada):
    """The regions that speak are there before they have something to say."""
    page = ada.visit("shop:shelf").page
    expect(page.locator(".head__bag")).to_have_attribute("role", "status")
    ada.reach_payment()
    expect(ada.message).to_have_attribute("role", "alert")
    expect(ada.message).to_be_hidden()
    expect(ada.trouble).to_have_attribute("role", "alert")
    ada.type_card().pay().sees("paid")
    expect(page.locator("#status")).to_have_attribute("role", "status")
