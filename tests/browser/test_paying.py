"""From the shelf to "paid", by card."""

from playwright.sync_api import expect

from htmx_checkout.models import Order
from shop.models import Parcel
from tests.browser.shopper import ASKS_THE_BANK, DECLINED, both_htmx, charges, confirms
from tests.support.cast import ADA


@both_htmx
def test_ada_pays_with_a_card(ada, standin):
    page = ada.visit("shop:shelf").page
    ada.take("Linen notebook")
    expect(page.locator("#bag-summary")).to_contain_text("1 item")
    ada.take("Letter set")
    expect(page.locator("#bag-summary")).to_contain_text("£26.50")
    page.locator("#bag-summary").click()
    page.get_by_role("link", name="Go to checkout").click()
    ada.go_on().see_element().type_card()
    expect(ada.pay_button).to_have_text("Pay £26.50")
    ada.pay().sees("paid").is_told("Paid", "£26.50", ADA)
    order = Order.objects.get()
    assert order.is_paid
    assert [charge.amount for charge in charges(standin)] == [2650]
    assert Parcel.objects.get().reference == order.reference
    page.get_by_role("link", name="Back to the shop").click()
    expect(page.locator("#bag-summary")).to_contain_text("empty")


def test_grace_is_declined_and_pays_with_another_card_on_the_same_element(ada, standin):
    ada.reach_payment().type_card(DECLINED)
    frame = ada.frames.get_attribute("name")
    ada.pay()
    expect(ada.message).to_contain_text("declined")
    expect(ada.message).to_be_focused()
    expect(ada.pay_button).to_be_enabled()
    assert ada.frames.get_attribute("name") == frame
    ada.type_card().pay().sees("paid")
    assert [charge.status for charge in charges(standin)] == ["succeeded", "failed"]
    assert Order.objects.get().payments.count() == 1


def test_a_bank_that_asks_is_answered_in_a_box_over_the_page(ada):
    ada.reach_payment().type_card(ASKS_THE_BANK).pay()
    ada.bank.get_by_role("button", name="Complete").click()
    ada.sees("paid")


def test_a_bank_that_is_not_convinced_leaves_the_shopper_at_the_payment(ada, standin):
    ada.reach_payment().type_card(ASKS_THE_BANK).pay()
    ada.bank.get_by_role("button", name="Fail").click()
    expect(ada.message).to_be_visible()
    expect(ada.pay_button).to_be_enabled()
    ada.type_card().pay().sees("paid")
    assert len([charge for charge in charges(standin) if charge.paid]) == 1


def test_a_closed_box_charges_nothing_and_another_try_pays(ada, standin):
    ada.reach_payment().type_card(ASKS_THE_BANK).pay()
    ada.bank.get_by_role("button", name="Complete").wait_for()
    ada.box.get_by_role("button", name="Close").click()
    expect(ada.message).to_be_visible()
    assert not [charge for charge in charges(standin) if charge.paid]
    ada.pay()
    ada.bank.get_by_role("button", name="Complete").click()
    ada.sees("paid")


def test_a_double_click_on_pay_confirms_once(ada, standin):
    ada.reach_payment().type_card()
    standin.trouble("slow", path="/v1/payment_intents", key="publishable", seconds=0.5)
    ada.pay_button.dblclick()
    expect(ada.pay_button).to_be_disabled()
    expect(ada.pay_button).to_have_attribute("aria-busy", "true")
    ada.pay_button.evaluate("button => button.form.requestSubmit()")
    ada.sees("paid")
    assert len(confirms(standin)) == 1


def test_an_unfinished_card_is_told_in_the_field_and_confirms_nothing(ada, standin):
    ada.reach_payment().pay()
    expect(ada.element.locator("[name=number]")).to_have_attribute(
        "aria-invalid", "true"
    )
    expect(ada.pay_button).to_be_enabled()
    assert confirms(standin) == []
