"""Every page and state: for any eye, any hand, any width.

Each state narrow and light, and wide and dark; `proofs` has all four.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.states import STATES, look, reach, too_wide, violations
from tests.support.cast import ADA


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_state_is_for_everybody(ada, watch, state):
    reach(ada, watch, state)
    look(ada.page, 320, "light")
    assert not too_wide(ada.page)
    assert violations(ada.page) == []
    look(ada.page, 1280, "dark")
    assert not too_wide(ada.page)
    # The dark scheme changes colours and nothing else.
    assert violations(ada.page, runOnly=["color-contrast"]) == []


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
    # Down, and not up again: the box may be gone by then, and Chromium would never
    # say that it has dealt with the key.
    ada.page.keyboard.down("Escape")
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
