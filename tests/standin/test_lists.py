"""Pages, cursors and expansion."""

import pytest

PATH = "/v1/payment_intents"


@pytest.fixture
def five(client):
    """Ids of five intents, newest first, a second apart."""
    made = []
    for _ in range(5):
        made.append(client.intent()["id"])
        client.later(1)
    return made[::-1]


def ids(answer):
    return [row["id"] for row in answer["data"]]


def test_a_list_is_newest_first(client, five):
    answer = client.get(PATH)
    assert ids(answer) == five
    assert answer["object"] == "list"
    assert answer["url"] == PATH
    assert answer["has_more"] is False


def test_pages_go_back_in_time(client, five):
    first = client.get(PATH, {"limit": 2})
    assert (ids(first), first["has_more"]) == (five[:2], True)
    second = client.get(PATH, {"limit": 2, "starting_after": five[1]})
    assert (ids(second), second["has_more"]) == (five[2:4], True)
    last = client.get(PATH, {"limit": 2, "starting_after": five[3]})
    assert (ids(last), last["has_more"]) == (five[4:], False)


def test_pages_go_forward_in_time(client, five):
    page = client.get(PATH, {"limit": 2, "ending_before": five[4]})
    assert (ids(page), page["has_more"]) == (five[2:4], True)
    page = client.get(PATH, {"limit": 2, "ending_before": five[2]})
    assert (ids(page), page["has_more"]) == (five[:2], False)


def test_a_list_is_filtered_by_time(client, five, engine):
    start = engine.store.by_id[five[4]]["created"]
    assert ids(client.get(PATH, {"created": {"gt": start + 2}})) == five[:2]
    assert (
        ids(client.get(PATH, {"created": {"gte": start, "lt": start + 2}})) == five[3:]
    )
    assert ids(client.get(PATH, {"created": start})) == five[4:]
    assert client.get(PATH, {"created": {"after": 1}}).status == 400


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 101},
        {"starting_after": "pi_none"},
        {"starting_after": "a", "ending_before": "b"},
        {"status": "succeeded"},
    ],
)
def test_bad_cursors_and_limits_are_refused(client, params):
    assert client.get(PATH, params).status == 400


def test_references_are_ids_until_expanded(client):
    paid = client.pay()
    at = f"{PATH}/{paid['id']}"
    assert paid["latest_charge"].startswith("ch_")
    deep = ["latest_charge.balance_transaction", "payment_method"]
    client.later(2)
    seen = client.get(at, {"expand": deep})
    assert seen["latest_charge"]["balance_transaction"]["amount"] == 4200
    assert seen["payment_method"]["card"]["last4"] == "4242"


def test_lists_expand_behind_data(client):
    client.pay()
    rows = client.get(PATH, {"expand": ["data.latest_charge.refunds"]})["data"]
    assert rows[0]["latest_charge"]["refunds"]["data"] == []


def test_a_create_may_expand_too(client):
    assert client.pay(expand=["latest_charge"])["latest_charge"]["paid"] is True


@pytest.mark.parametrize("path", ["amount", "nonsense", "status.customer", "a.b.c.d.e"])
def test_what_cannot_be_expanded_is_refused(client, path):
    at = f"{PATH}/{client.intent()['id']}"
    answer = client.get(at, {"expand": [path]})
    assert (answer.status, answer.error["param"]) == (400, "expand")


def test_what_is_null_stays_null(client):
    at = f"{PATH}/{client.intent()['id']}"
    assert client.get(at, {"expand": ["latest_charge"]})["latest_charge"] is None


def test_the_same_seed_gives_the_same_ids():
    from stripe_standin.engine.engine import Engine
    from stripe_standin.protocol.http import Request
    from stripe_standin.world.clock import ManualClock
    from stripe_standin.world.ids import Ids

    def run(seed):
        engine = Engine(clock=ManualClock(), ids=Ids(seed))
        headers = {"Authorization": "Bearer sk_test_standin"}
        body = b"amount=900&currency=gbp"
        request = Request("POST", PATH, headers=headers, body=body)
        return engine.handle(request).json()

    assert run(1) == run(1)
    assert run(1)["id"] != run(2)["id"]
