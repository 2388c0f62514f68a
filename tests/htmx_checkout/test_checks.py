"""System checks: each fires on its mistake, and is silent without."""

import sys
from types import ModuleType

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

import htmx_checkout
from htmx_checkout import checks
from htmx_checkout.checks import check_settings
from htmx_checkout.conf import STRIPE_API, STRIPE_SCRIPT


def with_(**changed):
    return override_settings(CHECKOUT=settings.CHECKOUT | changed)


def test_the_demos_settings_have_no_mistake():
    assert check_settings(None) == []


def test_three_keys_are_all_that_a_host_has_to_set():
    three = ("SECRET_KEY", "PUBLISHABLE_KEY", "WEBHOOK_SECRETS")
    given = {name: settings.CHECKOUT[name] for name in three}
    with override_settings(CHECKOUT=given):
        assert check_settings(None) == []
    for name in three:
        with override_settings(CHECKOUT=given | {name: ""}):
            assert check_settings(None) != []


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"SECRET_KEY": ""}, checks.E001),
        ({"PUBLISHABLE_KEY": ""}, checks.E001),
        ({"WEBHOOK_SECRETS": ()}, checks.E002),
        ({"PUBLISHABLE_KEY": "pk_live_1"}, checks.E003),
        ({"SECRET_KEY": "sk_live_1"}, checks.E003),
        ({"SECRET_KEY": "sk_live_1"}, checks.E004),
        ({"ORDER_SOURCE": "nowhere.at.all"}, checks.E005),
        ({"CURRENCY": "galleons"}, checks.E006),
        ({"WEBHOOK_SECRET": "whsec_1"}, checks.W002),
        ({"CAPTURE_METHOD": "later"}, checks.E009),
        ({"LATE_MONEY": "keep"}, checks.E010),
        ({"AT_MOST_ONCE": ("order_payed",)}, checks.E011),
    ],
)
def test_a_mistake_in_checkout_is_named(changed, finding):
    with with_(**changed):
        assert finding in check_settings(None)


def test_a_csrf_failure_view_that_cannot_heal_is_named():
    with override_settings(CSRF_FAILURE_VIEW="django.views.csrf.csrf_failure"):
        assert check_settings(None) == [checks.W001]


def test_a_missing_policy_is_named():
    kept = [name for name in settings.MIDDLEWARE if "csp" not in name]
    with override_settings(MIDDLEWARE=kept):
        assert check_settings(None) == [checks.W003]


def test_a_queue_that_forgets_is_named_before_a_deployment():
    assert checks.check_queue(None) == [checks.W004]
    queue = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with override_settings(TASKS=queue):
        assert checks.check_queue(None) == []


STRIPE = {"API_BASE": STRIPE_API, "SCRIPT_URL": STRIPE_SCRIPT}


def test_the_addresses_of_stripe_pass_a_deployment():
    with with_(**STRIPE):
        assert checks.check_addresses(None) == []
    with with_(**STRIPE | {"SCRIPT_URL": "https://js.stripe.com/v3/"}):
        assert checks.check_addresses(None) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"API_BASE": "http://127.0.0.1:12111"},
        {"API_BASE": "http://api.stripe.com"},
        {"API_BASE": "https://api.stripe.com@evil.example"},
        {"API_BASE": "https://api.stripe.com:8443"},
        {"API_BASE": "https://api.stripe.com.evil.example"},
        {"SCRIPT_URL": "http://127.0.0.1:12111/endive/stripe.js"},
        {"SCRIPT_URL": "http://js.stripe.com/endive/stripe.js"},
        {"SCRIPT_URL": "https://evil.example/js.stripe.com/stripe.js"},
    ],
)
def test_an_address_that_is_not_stripes_is_refused_before_a_deployment(changed):
    with with_(**STRIPE | changed):
        assert checks.check_addresses(None) == [checks.E012]


def test_a_deployment_on_a_stand_in_is_refused_by_the_command():
    with pytest.raises(SystemCheckError, match="E012"):
        call_command("check", deploy=True, tags=["htmx_checkout"])
    with with_(**STRIPE), pytest.raises(SystemCheckError) as found:
        call_command("check", deploy=True, tags=["htmx_checkout"], fail_level="WARNING")
    assert "E012" not in str(found.value)


def test_no_id_is_given_out_twice():
    found = [c for c in vars(checks).values() if isinstance(c, checks.CheckMessage)]
    assert len({check.id for check in found}) == len(found)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "keys",
    [
        {"SECRET_KEY": "pk_test_1", "PUBLISHABLE_KEY": "sk_test_1"},
        {"PUBLISHABLE_KEY": "sk_test_1"},
        {"PUBLISHABLE_KEY": "rk_test_1"},
        {"SECRET_KEY": "pk_test_1"},
    ],
)
def test_a_secret_key_in_the_place_that_all_can_see_is_named_s13(settings, keys):
    settings.CHECKOUT = settings.CHECKOUT | keys
    assert checks.E007 in checks.check_settings(None)


def test_a_second_copy_of_the_app_is_an_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "vendor.htmx_checkout", htmx_checkout)
    assert check_settings(None) == [checks.E013]


def test_a_hosts_module_of_the_same_name_is_no_copy(monkeypatch):
    own = ModuleType("shop.htmx_checkout")
    own.__file__ = "/srv/shop/htmx_checkout/__init__.py"
    monkeypatch.setitem(sys.modules, "shop.htmx_checkout", own)
    monkeypatch.setitem(sys.modules, "plan.htmx_checkout", ModuleType("a.namespace"))
    assert check_settings(None) == []


def test_times_without_a_zone_are_an_error(settings):
    settings.USE_TZ = False
    assert check_settings(None) == [checks.E014]


IMMEDIATE = "django.tasks.backends.immediate.ImmediateBackend"


@pytest.mark.parametrize(
    "tasks",
    [
        {"mail": {"BACKEND": IMMEDIATE}},
        {"default": {"BACKEND": IMMEDIATE, "QUEUES": ["mail"]}},
        {"default": {"BACKEND": "nowhere.Backend"}},
    ],
    ids=["no backend", "no queue", "no such backend"],
)
def test_a_queue_that_refuses_tasks_is_an_error(settings, tasks):
    settings.TASKS = tasks
    assert check_settings(None) == [checks.E015]
    assert checks.check_queue(None) == []


@pytest.mark.parametrize("queues", [["default", "mail"], []], ids=["named", "any"])
def test_a_queue_that_takes_tasks_is_none(settings, queues):
    settings.TASKS = {"default": {"BACKEND": IMMEDIATE, "QUEUES": queues}}
    assert check_settings(None) == []
