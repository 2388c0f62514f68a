"""Which Stripe keys the site starts with, and which it refuses."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.keys import STANDIN, choose

TEST = {
    "secret": "sk_test_1",
    "publishable": "pk_test_1",
    "webhook_secrets": ["whsec_1"],
}
LIVE = TEST | {"secret": "sk_live_1", "publishable": "pk_live_1"}
NONE = {"secret": "", "publishable": "", "webhook_secrets": []}


def refusal(*, debug=True, **keys):
    with pytest.raises(ImproperlyConfigured) as refused:
        choose(**keys, debug=debug)
    return str(refused.value)


@pytest.mark.parametrize("debug", [True, False])
def test_a_whole_set_of_test_keys_is_taken(debug):
    keys = choose(**TEST, debug=debug)
    assert keys.secret == "sk_test_1"
    assert keys.webhook_secrets == ("whsec_1",)
    assert not keys.are_standin


def test_a_restricted_key_may_stand_for_the_secret_one():
    assert choose(**TEST | {"secret": "rk_test_1"}, debug=True).secret == "rk_test_1"


def test_live_keys_are_taken_in_production():
    assert choose(**LIVE, debug=False).publishable == "pk_live_1"


def test_without_keys_the_demo_uses_the_stand_ins():
    assert choose(**NONE, debug=True) == STANDIN
    assert STANDIN.are_standin


def test_without_keys_production_does_not_start():
    assert "Set STRIPE_SECRET_KEY" in refusal(**NONE, debug=False)


@pytest.mark.parametrize(
    ("left_out", "nothing", "name"),
    [
        ("secret", "", "STRIPE_SECRET_KEY is missing"),
        ("publishable", "", "STRIPE_PUBLISHABLE_KEY is missing"),
        ("webhook_secrets", [], "STRIPE_WEBHOOK_SECRET is missing"),
    ],
)
def test_two_of_three_are_refused_and_the_third_is_named(left_out, nothing, name):
    sentence = refusal(**TEST | {left_out: nothing})
    assert name in sentence
    assert "Set all three, or none" in sentence


def test_one_of_three_is_refused_and_both_others_are_named():
    sentence = refusal(**NONE | {"secret": "sk_test_1"})
    assert "STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET are missing" in sentence


@pytest.mark.parametrize(
    ("secret", "publishable"),
    [
        ("sk_live_1", "pk_test_1"),
        ("sk_test_1", "pk_live_1"),
        ("rk_live_1", "pk_test_1"),
    ],
)
def test_a_test_key_beside_a_live_one_is_refused(secret, publishable):
    keys = TEST | {"secret": secret, "publishable": publishable}
    for debug in (True, False):
        assert "test key stands beside a live key" in refusal(**keys, debug=debug)


@pytest.mark.parametrize("secret", ["sk_live_1", "rk_live_1"])
def test_a_live_key_with_debug_on_is_refused(secret):
    assert "Set DEBUG=off" in refusal(**LIVE | {"secret": secret}, debug=True)


def test_swapped_keys_are_refused_before_one_reaches_a_browser():
    keys = TEST | {"secret": "pk_test_1", "publishable": "sk_test_1"}
    assert "Swap them" in refusal(**keys)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"secret": "sk_1"}, "STRIPE_SECRET_KEY must start with"),
        ({"publishable": "test"}, "STRIPE_PUBLISHABLE_KEY must start with"),
        ({"webhook_secrets": ["whsec_1", "we_1"]}, "must start with whsec_"),
    ],
)
def test_what_is_no_key_is_refused_by_its_name(wrong, named):
    assert named in refusal(**TEST | wrong)


def test_a_key_of_the_stand_in_beside_one_of_stripe_is_refused():
    keys = TEST | {"secret": STANDIN.secret}
    assert "stands beside a key of Stripe" in refusal(**keys)


def test_the_stand_ins_keys_are_refused_in_production():
    keys = {
        "secret": STANDIN.secret,
        "publishable": STANDIN.publishable,
        "webhook_secrets": STANDIN.webhook_secrets,
    }
    assert "without money" in refusal(**keys, debug=False)


def test_no_secret_shows_in_what_is_printed():
    shown = repr(choose(**TEST, debug=True))
    assert "sk_test_1" not in shown
    assert "whsec_1" not in shown
