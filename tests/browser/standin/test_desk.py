"""The desk: what people see of the stand-in, and what they can make it do."""

import pytest
from playwright.sync_api import expect

DIRECT = {"automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}


@pytest.fixture
def desk(standin_tab, standin):
    standin_tab.goto(standin.base_url + "/desk")
    return standin_tab


def row(desk, name):
    return desk.locator("#payments > .row", has_text=name)


def test_a_new_payment_appears_without_a_reload(desk, api):
    intent = api.intent(amount=4217)
    expect(row(desk, intent["id"])).to_contain_text("GBP 42.17")
    expect(row(desk, intent["id"])).to_contain_text("requires payment method")


def test_a_pending_debit_is_completed_by_hand(desk, api):
    intent = api.intent(
        currency="eur",
        confirm=True,
        payment_method_data={
            "type": "sepa_debit",
            "sepa_debit": {"iban": "AT321904300235473204"},
            "billing_details": {"name": "Ada", "email": "ada@example.com"},
        },
        mandate_data={"customer_acceptance": {"type": "offline"}},
        return_url="https://example.com/",
    )
    row(desk, intent["id"]).get_by_role("button", name="Complete").click()
    expect(row(desk, intent["id"])).to_contain_text("succeeded")
    assert api.status(intent) == "succeeded"


def test_a_payment_is_refunded_and_another_disputed(desk, api):
    paid = [
        api.intent(confirm=True, payment_method="pm_card_visa", **DIRECT)
        for _ in range(2)
    ]
    row(desk, paid[0]["id"]).get_by_role("button", name="Refund GBP").click()
    expect(row(desk, paid[0]["id"])).to_contain_text("Refund GBP 42.00")
    row(desk, paid[1]["id"]).get_by_role("button", name="Dispute").click()
    expect(row(desk, paid[1]["id"])).to_contain_text("needs response")


def test_an_open_row_stays_open_while_the_desk_refreshes(desk, api):
    intent = api.intent(amount=4218)
    row(desk, intent["id"]).get_by_text("JSON").click()
    api.post(f"/v1/payment_intents/{intent['id']}", amount=4219)
    expect(row(desk, intent["id"])).to_contain_text("GBP 42.19")
    expect(row(desk, intent["id"]).locator("pre")).to_be_visible()


def test_trouble_waits_for_the_next_calls_and_is_cleared(desk, standin):
    desk.get_by_label("What happens").select_option("server_error")
    desk.get_by_label("To the next calls").fill("3")
    desk.get_by_role("button", name="Make trouble").click()
    expect(desk.locator("#faults")).to_contain_text("server error for 3 more calls")
    assert [fault.calls for fault in standin.engine.faults.waiting] == [3]
    desk.get_by_role("button", name="Clear").click()
    expect(desk.locator("#faults > li")).to_have_count(0)


def test_the_clock_moves_on(desk, standin):
    before = standin.engine.clock.offset_seconds
    desk.get_by_label("Move the clock on by").select_option("3600")
    desk.get_by_role("button", name="Move").click()
    expect(desk.locator("#said")).to_contain_text("Done")
    assert standin.engine.clock.offset_seconds == before + 3600
    standin.engine.clock.offset_seconds = before


def test_a_refusal_is_said_in_a_sentence(desk, api, forgiven):
    forgiven.append("400 (Bad Request)")
    intent = api.intent(confirm=True, payment_method="pm_card_visa", **DIRECT)
    refund = row(desk, intent["id"]).get_by_role("button", name="Refund GBP")
    expect(refund).to_be_visible()
    desk.evaluate(
        """id => {
            const gone = document.querySelector(`[data-given*="${id}"]`);
            gone.dataset.given = JSON.stringify({id, amount: 999999});
            gone.click();
        }""",
        intent["id"],
    )
    expect(desk.locator("#said")).to_contain_text("left to refund")
