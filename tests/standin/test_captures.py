"""Manual capture: hold, take, raise, release."""


def held(client, **params):
    return client.pay(capture_method="manual", **params)


def test_a_hold_can_be_captured(client):
    intent = held(client)
    assert intent["amount_capturable"] == 4200
    assert intent["amount_received"] == 0
    done = client.post(f"/v1/payment_intents/{intent['id']}/capture")
    assert (done["status"], done["amount_received"]) == ("succeeded", 4200)
    assert done["amount_capturable"] == 0
    assert client.events() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]


def test_less_can_be_captured_but_not_more(client):
    intent = held(client)
    at = f"/v1/payment_intents/{intent['id']}/capture"
    more = client.post(at, {"amount_to_capture": 4201})
    assert more.error["param"] == "amount_to_capture"
    done = client.post(at, {"amount_to_capture": 4000})
    assert done["amount_received"] == 4000
    charge = client.get(f"/v1/charges/{intent['latest_charge']}")
    assert (charge["amount"], charge["amount_captured"]) == (4200, 4000)


def test_a_hold_can_be_raised(client):
    intent = held(client)
    at = f"/v1/payment_intents/{intent['id']}/increment_authorization"
    assert client.post(at, {"amount": 5000})["amount_capturable"] == 5000
    assert client.post(at, {"amount": 4000}).status == 400


def test_cancelling_releases_the_money(client):
    intent = held(client)
    done = client.post(f"/v1/payment_intents/{intent['id']}/cancel")
    assert (done["status"], done["amount_capturable"]) == ("canceled", 0)
    charge = client.get(f"/v1/charges/{intent['latest_charge']}")
    assert charge["refunded"]
    assert not charge["captured"]


def test_a_hold_lapses_after_a_week(client):
    intent = held(client)
    client.later(7 * 24 * 3600 - 1)
    assert client.look(intent)["status"] == "requires_capture"
    client.later(1)
    lapsed = client.look(intent)
    assert (lapsed["status"], lapsed["cancellation_reason"]) == (
        "canceled",
        "automatic",
    )
    assert client.events()[-2:] == ["charge.expired", "payment_intent.canceled"]


def test_a_captured_hold_does_not_lapse(client):
    intent = held(client)
    client.post(f"/v1/payment_intents/{intent['id']}/capture")
    client.later(8 * 24 * 3600)
    assert client.look(intent)["status"] == "succeeded"
