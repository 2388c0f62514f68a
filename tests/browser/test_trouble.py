"""What goes wrong between the shopper and the checkout, and what is said then."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from htmx_checkout.models import Order
from tests.browser.shopper import charges, confirms, until
from tests.support.cast import ADA

# What Chromium writes into the console by itself.
NOT_LOADED = r"Failed to load resource: net::ERR_FAILED"
REFUSED = r"the server responded with a status of 403"
NOT_VALID = r"the server responded with a status of 422"


# --- Stripe does not come ---------------------------------------------------------


def test_without_stripes_script_the_page_says_so_and_offers_another_try(ada, watch):
    watch.expect(NOT_LOADED)
    ada.page.clock.install()
    ada.page.route("**/stripe.js", lambda route: route.abort())
    ada.hold(notebook=1).visit("htmx_checkout:page").go_on()
    expect(ada.pay_button).to_have_text("Pay £14.00")
    expect(ada.trouble).to_be_hidden()
    ada.page.clock.fast_forward(7_500)
    expect(ada.trouble).to_be_hidden()
    ada.page.clock.fast_forward(1_000)
    expect(ada.trouble).to_be_visible()
    expect(ada.trouble).to_be_focused()
    expect(ada.trouble).to_contain_text("did not load")
    ada.page.unroute("**/stripe.js")
    ada.trouble.get_by_role("link", name="Try again").click()
    ada.see_element().type_card().pay().sees("paid")


def test_a_script_that_comes_late_still_mounts_and_the_notice_goes(ada):
    waiting = []

    def keep(route):
        waiting.append(route)

    ada.page.clock.install()
    ada.page.route("**/stripe.js", keep)
    ada.hold(notebook=1).visit(
        "htmx_checkout:page", wait_until="domcontentloaded"
    ).go_on()
    expect(ada.pay_button).to_be_visible()
    ada.page.clock.fast_forward(9_000)
    expect(ada.trouble).to_be_visible()
    waiting[0].continue_()
    ada.see_element()
    expect(ada.trouble).to_be_hidden()
    ada.type_card().pay().sees("paid")


def test_an_element_that_cannot_load_is_told_at_once(ada, watch):
    watch.expect(NOT_LOADED)
    ada.page.route("**/v1/elements/sessions*", lambda route: route.abort())
    ada.hold(notebook=1).visit("htmx_checkout:page").go_on()
    expect(ada.trouble).to_be_visible()
    expect(ada.trouble).to_be_focused()
    ada.page.unroute("**/v1/elements/sessions*")
    ada.trouble.get_by_role("link", name="Try again").click()
    ada.see_element()
    expect(ada.trouble).to_be_hidden()


def fail(ada, standin, watch, kind, calls):
    """Press Continue while Stripe is in trouble, and then "Try again"."""
    watch.expect(r"status of 503")
    ada.hold(notebook=1).visit("htmx_checkout:page")
    standin.trouble(kind, calls=calls, path="/v1/payment_intents")
    ada.go_on()
    problem = ada.page.get_by_role("alert")
    expect(problem).to_contain_text("not answering right now")
    expect(problem).to_be_focused()
    problem.get_by_role("link", name="Try again").click()


def test_stripe_that_does_not_answer_is_told_and_another_try_pays(ada, standin, watch):
    fail(ada, standin, watch, "reset_before", calls=2)
    ada.see_element().type_card().pay().sees("paid")
    assert len(standin.client.v1.payment_intents.list().data) == 1


def test_an_error_that_stripe_saved_is_told_and_another_try_pays(ada, standin, watch):
    # The first call is repeated with the same key, and gets the same answer. The
    # next try looks first, and finds nothing.
    fail(ada, standin, watch, "server_error", calls=1)
    ada.see_element().type_card().pay().sees("paid")
    assert len(standin.client.v1.payment_intents.list().data) == 1


# --- The network goes while paying ------------------------------------------------


def test_a_confirmation_that_never_left_is_checked_and_then_not_paid(
    ada, standin, watch
):
    watch.expect(NOT_LOADED)
    ada.reach_payment().type_card()
    ada.page.clock.install()
    ada.page.route("**/confirm?*", lambda route: route.abort())
    ada.pay().sees("unknown").is_told("We are checking", "Please do not pay again")
    until(lambda: ada.page.clock.fast_forward(5_000) or ada.is_at("unpaid"))
    ada.sees("unpaid").is_told("Nothing was charged")
    assert charges(standin) == []
    ada.page.unroute("**/confirm?*")
    ada.page.get_by_role("link", name="Continue to payment").click()
    ada.see_element().type_card().pay().sees("paid")


def test_a_confirmation_whose_answer_was_lost_ends_as_paid(ada, standin, watch):
    watch.expect(r"Failed to load resource: net::ERR_")
    ada.reach_payment().type_card()
    standin.trouble("reset_after", method="POST", key="publishable")
    ada.pay().sees("paid")
    assert len(charges(standin)) == len(confirms(standin)) == 1


# --- Sessions, tokens, cookies ----------------------------------------------------


def log_in(ada, django_user_model):
    """What logging in elsewhere leaves in this browser: a new session and token."""
    user = django_user_model.objects.create_user("ada", password="ada")
    cookies = {c["name"]: c["value"] for c in ada.page.context.cookies(ada.url)}
    client = Client()
    client.cookies.load(cookies)
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    ada.page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": ada.url},
            {"name": settings.CSRF_COOKIE_NAME, "value": "n" * 32, "url": ada.url},
        ]
    )


def test_logging_in_elsewhere_heals_by_itself_and_keeps_what_was_typed(
    ada, watch, django_user_model
):
    watch.expect(REFUSED)
    ada.hold(notebook=1).visit("htmx_checkout:page")
    ada.email.fill(ADA)
    log_in(ada, django_user_model)
    ada.go_on(email=None).see_element()
    expect(ada.page.locator(".done")).to_contain_text(ADA)
    ada.type_card().pay().sees("paid").is_told(ADA)


def test_logging_in_elsewhere_after_the_element_came_is_no_hindrance_to_paying(
    ada, watch, django_user_model
):
    watch.expect(REFUSED)
    ada.reach_payment().type_card()
    log_in(ada, django_user_model)
    ada.pay().sees("paid")


def test_a_session_that_ended_before_the_contact_step_says_that_the_bag_is_empty(
    ada, watch
):
    watch.expect(REFUSED, NOT_VALID)
    ada.hold(notebook=1).visit("htmx_checkout:page")
    ada.page.context.clear_cookies()
    ada.go_on()
    problem = ada.page.get_by_role("alert")
    expect(problem).to_contain_text("Your bag is empty")
    expect(problem.get_by_role("link")).to_have_text("Back to the shop")
    assert not Order.objects.exists()


def test_a_session_that_ended_while_paying_does_not_lose_the_payment(ada, standin):
    ada.reach_payment().type_card()
    ada.page.context.clear_cookies()
    ada.pay().sees("paid")
    assert len(charges(standin)) == 1


def test_a_browser_that_stops_keeping_cookies_is_told_so_and_does_not_go_round(
    ada, watch
):
    watch.expect(REFUSED)
    context, posts = ada.page.context, []

    def without_cookies(route):
        posts.append(route.request.url)
        asked = route.request.headers
        sent = {k: v for k, v in asked.items() if k != "cookie"}
        context.clear_cookies()
        answer = route.fetch(headers=sent)
        headers = {k: v for k, v in answer.headers.items() if k != "set-cookie"}
        context.clear_cookies()
        route.fulfill(response=answer, headers=headers)

    ada.hold(notebook=1).visit("htmx_checkout:page")
    ada.page.route("**/checkout/payment/", without_cookies)
    ada.go_on()
    notice = ada.page.locator("#cookies")
    expect(notice).to_contain_text("keeps no cookies")
    expect(notice).to_be_focused()
    assert len(posts) == 2


def test_a_wrong_address_is_told_at_the_field_and_kept(ada, watch, standin):
    watch.expect(NOT_VALID)
    ada.hold(notebook=1).visit("htmx_checkout:page").go_on("ada at example")
    expect(ada.email).to_be_focused()
    expect(ada.email).to_have_value("ada at example")
    expect(ada.email).to_have_attribute("aria-invalid", "true")
    expect(ada.page.locator("#email-problem")).to_contain_text("name@example.com")
    ada.go_on().see_element()


def test_a_double_click_on_continue_creates_one_intent(ada, standin):
    ada.hold(notebook=1).visit("htmx_checkout:page")
    ada.email.fill(ADA)
    ada.page.get_by_role("button", name="Continue to payment").dblclick()
    ada.see_element()
    assert standin.verbs().count("POST /v1/payment_intents") == 1
