"""Disputes: opened by the card, decided by the evidence."""

import pytest


@pytest.fixture
def disputed(client):
    paid = client.pay("pm_card_createDispute")
    return paid, client.get("/v1/disputes")["data"][0]


def answer(client, dispute, text, **params):
    evidence = {"evidence": {"uncategorized_text": text}}
    return client.post(f"/v1/disputes/{dispute['id']}", evidence | params)


def test_the_card_opens_a_dispute_and_the_money_leaves(client, disputed):
    paid, dispute = disputed
    assert (dispute["reason"], dispute["status"]) == ("fraudulent", "needs_response")
    assert dispute["payment_intent"] == paid["id"]
    assert dispute["balance_transactions"][0]["amount"] == -4200
    assert client.get(f"/v1/charges/{dispute['charge']}")["disputed"]
    assert client.events()[-2:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    ]


@pytest.mark.parametrize(
    ("text", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")]
)
def test_the_evidence_decides(client, disputed, text, status):
    decided = answer(client, disputed[1], text)
    assert decided["status"] == status
    types = client.events()
    assert "charge.dispute.closed" in types
    assert ("charge.dispute.funds_reinstated" in types) == (status == "won")
    assert answer(client, disputed[1], text).status == 400


def test_evidence_can_be_staged(client, disputed):
    staged = answer(client, disputed[1], "winning_evidence", submit=False)
    assert staged["status"] == "needs_response"
    assert staged["evidence_details"]["has_evidence"]
    assert staged["evidence_details"]["submission_count"] == 0


def test_other_evidence_is_under_review(client, disputed):
    assert answer(client, disputed[1], "We sent it.")["status"] == "under_review"


def test_a_dispute_can_be_given_up(client, disputed):
    closed = client.post(f"/v1/disputes/{disputed[1]['id']}/close")
    assert closed["status"] == "lost"
    assert client.post(f"/v1/disputes/{disputed[1]['id']}/close").status == 400


def test_disputed_money_cannot_be_refunded(client, disputed):
    refused = client.post("/v1/refunds", {"payment_intent": disputed[0]["id"]})
    assert refused.error["code"] == "charge_disputed"


def test_money_won_back_can_be_refunded(client, disputed):
    answer(client, disputed[1], "winning_evidence")
    done = client.post("/v1/refunds", {"payment_intent": disputed[0]["id"]})
    assert done.status == 200


def test_an_inquiry_moves_no_money_until_it_is_escalated(client):
    paid = client.pay("pm_card_createDisputeInquiry")
    inquiry = client.get("/v1/disputes", {"payment_intent": paid["id"]})["data"][0]
    assert inquiry["status"] == "warning_needs_response"
    assert inquiry["balance_transactions"] == []
    escalated = answer(client, inquiry, "escalate_inquiry_evidence")
    assert escalated["status"] == "needs_response"
    assert client.events()[-1] == "charge.dispute.funds_withdrawn"


def test_one_card_is_disputed_twice_and_one_only_warned_about(client):
    client.pay("pm_card_createMultipleDisputes")
    rows = client.get("/v1/disputes")["data"]
    assert sum(row["amount"] for row in rows) == 4200
    client.pay("pm_card_createIssuerFraudRecord")
    assert client.events()[-1] == "radar.early_fraud_warning.created"
    assert len(client.get("/v1/disputes")["data"]) == 2
