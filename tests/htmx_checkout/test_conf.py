"""Settings: one frozen reading, forgotten when they change."""

from django.test import override_settings

from htmx_checkout.conf import Conf, conf
from htmx_checkout.sources import session_total


def test_a_host_with_keys_alone_gets_the_built_in_order_source():
    with override_settings(CHECKOUT={"SECRET_KEY": "sk_test_1"}):
        assert conf().source is session_total


def test_no_secret_is_in_the_repr():
    held = repr(Conf(secret_key="sk_test_1", webhook_secrets=("whsec_1",)))
    assert "sk_test_1" not in held
    assert "whsec_1" not in held


def test_an_empty_webhook_secret_is_no_secret_f22():
    with override_settings(CHECKOUT={"WEBHOOK_SECRETS": ["", "whsec_1"]}):
        assert conf().webhook_secrets == ("whsec_1",)


def test_overriding_the_settings_is_seen_at_once_and_undone():
    before = conf().shop_name
    with override_settings(CHECKOUT={"SHOP_NAME": "Elsewhere"}):
        assert conf().shop_name == "Elsewhere"
    assert conf().shop_name == before


def test_a_function_may_stand_where_a_path_may():
    with override_settings(CHECKOUT={"ORDER_SOURCE": session_total}):
        assert conf().source is session_total


def test_a_live_key_means_live_mode():
    assert Conf(secret_key="rk_live_1").livemode
    assert not Conf(secret_key="sk_test_1").livemode
