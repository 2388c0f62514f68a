"""The call log: enough to count and to check, nothing to steal."""

import json

PK = "pk_test_standin"
CARD = {"number": "4242424242424242", "exp_month": 4, "exp_year": 2044, "cvc": "737"}


def test_a_call_is_logged_with_its_outcome(client, engine):
    client.intent(amount=1)
    client.post(
        "/v1/payment_intents", {"amount": 900, "currency": "gbp"}, again="key-1"
    )
    first, second = engine.calls.entries
    assert (first.status, first.error_code) == (400, "amount_too_small")
    assert (second.status, second.idempotency_key) == (200, "key-1")
    assert second.object_id.startswith("pi_")
    assert second.params == {"amount": "900", "currency": "gbp"}
    assert second.key == "secret"


def test_a_replay_is_marked(client, engine):
    for _ in range(2):
        client.post("/v1/customers", {"name": "Ada"}, again="k1")
    assert [entry.replayed for entry in engine.calls.entries] == [False, True]


def test_numbers_secrets_and_keys_are_hidden(client, engine):
    intent = client.intent()
    at = f"/v1/payment_intents/{intent['id']}"
    secret = {"client_secret": intent["client_secret"]}
    client.get(at, secret, key=PK)
    data = {"type": "card", "card": CARD}
    client.post(f"{at}/confirm", {**secret, "payment_method_data": data}, key=PK)
    client.post("/v1/payment_methods", {**data, "key": PK}, key="")
    client.post("/v1/charges", {"source": "tok_visa", "key": "sk_test_standin_2"})
    text = json.dumps(engine.calls.as_list())
    tail = intent["client_secret"].rpartition("_")[2]
    for hush in ("4242424242424242", "737", tail, "standin_2", PK):
        assert hush not in text
    assert "_secret_[hidden]" in text
