"""The Payment Element: what it shows, what it says to the page, and what it hides."""

import re

from playwright.sync_api import expect

ROW = re.compile(r"^__privateStripeFrame\d+$")


def test_the_fields_live_on_another_origin_under_stripes_name(till, api, standin):
    till.mount(api.intent()["client_secret"])
    frame = till.tab.locator("#payment-element iframe")
    assert ROW.match(frame.get_attribute("name"))
    assert frame.get_attribute("allow") == "payment *; publickey-credentials-get *"
    assert frame.get_attribute("src").startswith(standin.base_url + "/frames/")
    assert till.tab.locator("#payment-element input").count() == 0
    assert till.frame().locator("#Field-numberInput").is_visible()


def test_events_come_in_order_with_the_published_shapes(till, api):
    till.mount(api.intent()["client_secret"])
    till.fill("4242424242424242")
    till.until("shop.events.at(-1).complete")
    names = [entry["name"] for entry in till.events()]
    assert names[0] == "loaderstart"
    assert names.index("ready") < len(names) - 1
    first, *_, last = till.events("change")
    assert first["empty"]
    assert not first["complete"]
    assert last["elementType"] == "payment"
    assert not last["collapsed"]
    assert last["value"]["type"] == "card"


def test_what_is_typed_takes_the_form_of_a_card(till, api):
    till.mount(api.intent()["client_secret"])
    fields = till.frame()
    fields.locator("[name=number]").press_sequentially("378282246310005")
    fields.locator("[name=expiry]").press_sequentially("434")
    assert fields.locator("[name=number]").input_value() == "3782 822463 10005"
    assert fields.locator("[name=expiry]").input_value() == "04 / 34"
    assert fields.locator("[name=cvc]").get_attribute("placeholder") == "4 digits"
    expect(fields.get_by_text("Amex")).to_be_visible()


def test_a_number_with_a_wrong_check_digit_is_shown_and_never_sent(till, api):
    intent = api.intent()
    till.mount(intent["client_secret"])
    till.fill("4242424242424241")
    error = till.pay()["error"]
    assert (error["type"], error["code"]) == ("validation_error", "invalid_number")
    expect(till.frame().get_by_text("Your card number is invalid.")).to_be_visible()
    assert api.get(f"/v1/payment_intents/{intent['id']}")["latest_charge"] is None


def test_each_empty_field_says_what_it_lacks(till, api):
    till.mount(api.intent()["client_secret"])
    answer = till.run("return shop.elements.submit()")
    assert answer["error"]["code"] == "incomplete_number"
    for text in ("number is incomplete", "date is incomplete", "code is incomplete"):
        expect(till.frame().get_by_text(text)).to_be_visible()


def test_a_date_in_the_past_is_refused(till, api):
    till.mount(api.intent()["client_secret"])
    till.fill("4242424242424242", expiry="12 / 20")
    assert till.pay()["error"]["code"] == "invalid_expiry_year_past"


def test_a_secret_of_a_paid_intent_fires_loaderror(till, api):
    paid = api.intent(
        confirm=True,
        payment_method="pm_card_visa",
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"},
    )
    till.mount(paid["client_secret"])
    (trouble,) = till.events("loaderror")
    assert trouble["elementType"] == "payment"
    assert trouble["error"]["type"] == "invalid_request_error"
    assert till.events("ready") == []


def test_a_secret_that_is_not_ours_fires_loaderror(till, api):
    till.mount(api.intent()["client_secret"] + "x")
    (trouble,) = till.events("loaderror")
    assert trouble["error"]["param"] == "client_secret"


def test_an_element_can_be_unmounted_and_mounted_again(till, api):
    till.mount(api.intent()["client_secret"])
    till.run("shop.payment.unmount()")
    assert till.tab.locator("iframe").count() == 0
    till.run(
        "await new Promise((done) =>"
        " shop.payment.on('ready', done).mount('#second-element'))"
    )
    till.fill("4242424242424242")
    assert till.pay()["paymentIntent"]["status"] == "succeeded"


def test_a_container_swapped_away_leaves_no_dead_frame_behind(till, api):
    till.mount(api.intent()["client_secret"])
    till.run("document.querySelector('#payment-element').remove()")
    mistake = till.run(
        "return shop.mistake(() => shop.stripe.confirmPayment("
        "{elements: shop.elements, redirect: 'if_required'}))"
    )
    assert mistake["name"] == "IntegrationError"
    till.run(
        """
        const box = document.createElement('div');
        box.id = 'payment-element';
        document.querySelector('#payment-form').prepend(box);
        await shop.mount({clientSecret: secret});
        """,
        secret=api.intent()["client_secret"],
    )
    assert till.tab.locator("iframe").count() == 1
    till.fill("4242424242424242")
    assert till.pay()["paymentIntent"]["status"] == "succeeded"


def test_two_groups_on_one_page_pay_their_own_intents(till, api):
    first, second = api.intent(1000), api.intent(2000)
    till.run(
        """
        const stripe = shop.stripe = Stripe('pk_test_standin');
        shop.groups = [];
        for (const [secret, place] of [[one, 'payment'], [two, 'second']]) {
          const elements = stripe.elements({clientSecret: secret});
          shop.groups.push(elements);
          await shop.settle(elements.create('payment'), `#${place}-element`);
        }
        """,
        one=first["client_secret"],
        two=second["client_secret"],
    )
    till.fill("4242424242424242", place=1)
    till.run("shop.elements = shop.groups[1]")
    assert till.pay()["paymentIntent"]["id"] == second["id"]
    assert api.status(first) == "requires_payment_method"


def test_appearance_reaches_the_fields(till, api):
    look = {
        "theme": "night",
        "variables": {"borderRadius": "13px", "colorDanger": "rgb(250, 10, 20)"},
        "rules": {".Label": {"textTransform": "uppercase", "position": "fixed"}},
    }
    till.mount(api.intent()["client_secret"], options={"appearance": look})
    fields = till.frame()
    expect(fields.locator("[name=number]")).to_have_css("border-radius", "13px")
    expect(fields.locator(".Label").first).to_have_css("text-transform", "uppercase")
    # Only the published properties pass.
    expect(fields.locator(".Label").first).to_have_css("position", "static")


def test_several_ways_to_pay_are_a_row_of_tabs_that_arrows_walk(till, api):
    till.mount(api.intent(currency="eur")["client_secret"])
    fields = till.frame()
    fields.get_by_role("tab", name="Card").press("ArrowRight")
    chosen = fields.locator('[role=tab][aria-selected="true"]')
    expect(chosen).to_have_count(1)
    expect(chosen).not_to_have_text("Card")
    assert till.events("change")[-1]["value"]["type"] != "card"


def test_an_accordion_may_start_folded(till, api):
    layout = {"layout": {"type": "accordion", "defaultCollapsed": True}}
    till.mount(api.intent(currency="eur")["client_secret"], element=layout)
    assert till.events("change")[-1]["collapsed"]
    assert till.pay()["error"]["type"] == "validation_error"
    till.frame().get_by_role("button", name="Card").click()
    till.fill("4242424242424242")
    assert till.pay()["paymentIntent"]["status"] == "succeeded"


def test_the_frame_takes_no_orders_from_a_page_that_does_not_own_it(till, api):
    till.mount(api.intent()["client_secret"])
    till.fill("4242424242424242")
    stolen = till.run(
        """
        const frame = document.querySelector('#payment-element iframe').contentWindow;
        const {port1, port2} = new MessageChannel();
        const heard = new Promise((resolve) => {
          port1.onmessage = (message) => resolve(message.data);
          setTimeout(() => resolve(null), 300);
        });
        frame.postMessage({standin: 'welcome', nonce: 'guessed'}, '*', [port2]);
        port1.postMessage({id: 1, call: 'validate'});
        return heard;
        """
    )
    assert stolen is None


def test_every_frame_says_that_no_money_moves(till, api):
    till.mount(api.intent()["client_secret"])
    expect(till.frame().get_by_text("no money moves")).to_be_visible()


def test_any_locale_that_a_host_writes_shows_the_fields(till, api):
    secret = api.intent()["client_secret"]
    for locale in ("auto", "de", "en_GB", "no such language"):
        till.mount(secret, options={"locale": locale})
        country = till.frame().locator("[name=country] option[value=DE]")
        expected = "Deutschland" if locale == "de" else "Germany"
        expect(country).to_have_text(expected)
        till.run("shop.payment.destroy()")
