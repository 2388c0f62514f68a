"""The total changes while the Element is on the page."""

from playwright.sync_api import expect

from htmx_checkout.models import Order, Payment
from tests.browser.shopper import confirms, until


def amounts(standin):
    return [one.amount for one in standin.client.v1.payment_intents.list().data]


def test_another_quantity_is_followed_and_what_was_typed_stays(ada, standin):
    ada.reach_payment().type_card()
    frame = ada.frames.get_attribute("name")
    ada.page.get_by_role("button", name="One Linen notebook more").click()
    expect(ada.pay_button).to_have_text("Pay £54.50")
    expect(ada.total).to_have_text("£54.50")
    expect(ada.frames).to_have_count(1)
    assert ada.frames.get_attribute("name") == frame
    expect(ada.element.locator("[name=number]")).to_have_value("4242 4242 4242 4242")
    assert amounts(standin) == [5450]
    ada.page.get_by_role("button", name="One Linen notebook fewer").click()
    expect(ada.pay_button).to_have_text("Pay £40.50")
    ada.pay().sees("paid").is_told("£40.50")
    assert amounts(standin) == [4050]
    assert Order.objects.get().amount == 4050


def test_on_a_phone_the_lines_stay_open_and_the_buttons_keep_the_focus(ada):
    ada.page.set_viewport_size({"width": 320, "height": 640})
    ada.reach_payment()
    ada.page.get_by_text("3 items").click()
    more = ada.page.get_by_role("button", name="One Linen notebook more")
    more.click()
    expect(ada.page.get_by_text("4 items")).to_be_visible()
    expect(more).to_be_visible()
    expect(more).to_be_focused()


def test_a_total_changed_in_another_tab_is_told_before_anything_is_charged(
    ada, standin
):
    ada.reach_payment().type_card()
    tab = ada.another_tab().visit("shop:bag")
    tab.page.get_by_role("button", name="One Linen notebook more").click()
    expect(tab.page.locator("#bag-summary")).to_contain_text("£54.50")
    tab.visit("htmx_checkout:page").see_element()
    assert amounts(standin) == [5450]
    ada.pay()
    expect(ada.message).to_contain_text(
        "The total has changed. Look at it, and press the button again."
    )
    expect(ada.message).to_be_focused()
    expect(ada.pay_button).to_have_text("Pay £54.50")
    expect(ada.total).to_have_text("£54.50")
    assert confirms(standin) == []
    ada.pay().sees("paid").is_told("£54.50")
    assert len(confirms(standin)) == 1


def test_a_bag_changed_in_another_tab_is_paid_as_the_button_says(ada, standin):
    """The other tab never reached the payment step: Stripe was not asked."""
    ada.reach_payment().type_card()
    tab = ada.another_tab().visit("shop:bag")
    tab.page.get_by_role("button", name="One Linen notebook more").click()
    expect(tab.page.locator("#bag-summary")).to_contain_text("£54.50")
    ada.pay().sees("paid").is_told("£40.50")
    assert Payment.objects.get().amount_received == 4050
    tab.visit("shop:bag")
    expect(tab.page.locator("#bag-summary")).to_contain_text("£54.50")


def test_another_currency_in_another_tab_is_followed(ada, standin):
    ada.reach_payment().type_card()
    tab = ada.another_tab().visit("shop:shelf")
    tab.page.get_by_role("button", name="EUR").click()
    expect(tab.page.locator("#bag-summary")).to_contain_text("€")
    tab.visit("htmx_checkout:page").see_element()
    ada.pay()
    expect(ada.pay_button).to_have_text("Pay €47.50")
    ada.see_element().choose("card").type_card().pay().sees("paid")
    assert Order.objects.get().currency == "eur"


def test_a_fast_hand_at_the_buttons_ends_with_the_last_total(ada, standin):
    ada.reach_payment()
    for quantity in (3, 4, 5):
        ada.page.get_by_role("button", name="One Linen notebook more").click()
        line = ada.page.get_by_role("listitem").filter(has_text="Linen notebook")
        expect(line).to_contain_text(f"Quantity: {quantity}")
    expect(ada.pay_button).to_have_text("Pay £82.50")
    until(lambda: amounts(standin) == [8250])
    expect(ada.frames).to_have_count(1)
