"""Every page and state that a shopper can see, and what is wrong with it for whom."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.shopper import DECLINED, SLOW_DEBIT

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


def reach(ada, watch, state):
    watch.expect(STATUS, "net::ERR_FAILED")
    state(ada)
    # The frame, if there is one, has told its height by the time it is ready.
    if ada.frames.count() and ada.trouble.is_hidden():
        ada.see_element()


def look(page, width, scheme):
    """Let ``page`` be this wide, in pixels, and "light" or "dark"."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)


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
