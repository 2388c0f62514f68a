"""Refunds: partial, full, too much, pending and failing."""

import pytest


def refund(client, paid, **params):
    return client.post("/v1/refunds", {"payment_intent": paid["id"]} | params)


def charge_of(client, paid):
    return client.get(f"/v1/charges/{paid['latest_charge']}")


def test_all_of_it_by_default(client):
    paid = client.pay()
    done = refund(client, paid, reason="requested_by_customer")
    assert (done["amount"], done["status"]) == (4200, "succeeded")
    charge = charge_of(client, paid)
    assert charge["refunded"]
    assert client.look(paid)["status"] == "succeeded"
    assert client.events()[-2:] == ["refund.created", "charge.refunded"]


def test_parts_add_up_to_the_whole_and_no_further(client):
    paid = client.pay()
    refund(client, paid, amount=1000)
    assert not charge_of(client, paid)["refunded"]
    too_much = refund(client, paid, amount=3201)
    assert (too_much.status, too_much.error["param"]) == (400, "amount")
    assert refund(client, paid)["amount"] == 3200
    again = refund(client, paid)
    assert again.error["code"] == "charge_already_refunded"
    rows = client.get("/v1/refunds", {"payment_intent": paid["id"]})["data"]
    assert [row["amount"] for row in rows] == [3200, 1000]


@pytest.mark.parametrize("amount", [0, -5])
def test_an_amount_must_be_positive(client, amount):
    assert refund(client, client.pay(), amount=amount).status == 400


def test_a_charge_can_be_named_instead(client):
    paid = client.pay()
    assert client.post("/v1/refunds", {"charge": paid["latest_charge"]}).status == 200


def test_one_of_both_must_be_named(client):
    assert client.post("/v1/refunds").error["code"] == "parameter_missing"
    paid = client.pay()
    both = refund(client, paid, charge=paid["latest_charge"])
    assert both.error["code"] == "parameters_exclusive"


def test_nothing_paid_is_nothing_to_refund(client):
    assert refund(client, client.intent()).status == 400
    assert client.post("/v1/refunds", {"payment_intent": "pi_none"}).status == 400


def test_a_pending_refund_arrives_later(client):
    paid = client.pay("pm_card_pendingRefund")
    pending = refund(client, paid)
    assert (pending["status"], pending["pending_reason"]) == ("pending", "processing")
    client.later(5)
    assert client.get(f"/v1/refunds/{pending['id']}")["status"] == "succeeded"
    assert client.events()[-2:] == ["refund.updated", "charge.refund.updated"]


def test_a_refund_that_succeeded_may_still_fail(client):
    paid = client.pay("pm_card_refundFail")
    done = refund(client, paid)
    assert done["status"] == "succeeded"
    client.later(5)
    failed = client.get(f"/v1/refunds/{done['id']}")
    assert (failed["status"], failed["failure_reason"]) == ("failed", "unknown")
    assert failed["failure_balance_transaction"].startswith("txn_")
    charge = charge_of(client, paid)
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    assert client.events()[-1] == "refund.failed"


def test_only_a_refund_that_waits_for_the_shopper_can_be_cancelled(client, engine):
    done = refund(client, client.pay())
    assert client.post(f"/v1/refunds/{done['id']}/cancel").status == 400
    intent = client.pay_by("ideal")
    from stripe_standin.intents import bank_redirects

    url = intent["next_action"]["redirect_to_url"]["url"]
    bank_redirects.finish(engine, url.rsplit("/", 1)[1], "authorize")
    waiting = refund(client, intent, instructions_email="ada@example.com")
    assert waiting["status"] == "requires_action"
    gone = client.post(f"/v1/refunds/{waiting['id']}/cancel")
    assert gone["status"] == "canceled"


def test_only_metadata_can_be_changed(client):
    done = refund(client, client.pay())
    at = f"/v1/refunds/{done['id']}"
    assert client.post(at, {"metadata": {"a": "b"}})["metadata"] == {"a": "b"}
    assert client.post(at, {"amount": 1}).error["code"] == "parameter_unknown"
