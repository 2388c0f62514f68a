"""What ``manage.py check`` and ``check --deploy`` find wrong with a host's settings.

An id is never used for another check, since a host may silence checks by id.
"""

import sys
from collections.abc import Iterator
from dataclasses import fields
from os.path import realpath
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from . import outbox
from .conf import STRIPE_API, STRIPE_SCRIPT, Conf, conf
from .core import task_queue
from .exceptions import CurrencyUnknown
from .money import exponent

E001 = Error(
    "CHECKOUT lacks SECRET_KEY or PUBLISHABLE_KEY, so no payment can be made.",
    hint="Copy both from https://dashboard.stripe.com/apikeys.",
    id="htmx_checkout.E001",
)
E002 = Error(
    "CHECKOUT['WEBHOOK_SECRETS'] is empty, so no event can be trusted.",
    hint="Copy the signing secret of your endpoint from the Stripe dashboard.",
    id="htmx_checkout.E002",
)
E003 = Error(
    "CHECKOUT['SECRET_KEY'] and ['PUBLISHABLE_KEY'] are one of test and one of live"
    " mode.",
    hint="Both must be test keys, or both live ones.",
    id="htmx_checkout.E003",
)
E004 = Error(
    "A live key is set, but CHECKOUT['API_BASE'] or ['SCRIPT_URL'] is not Stripe's.",
    hint="Remove both settings, or use test keys.",
    id="htmx_checkout.E004",
)
E005 = Error(
    "CHECKOUT['ORDER_SOURCE'] cannot be imported.",
    hint="Give the dotted path of a function that takes a request.",
    id="htmx_checkout.E005",
)
E006 = Error(
    "CHECKOUT['CURRENCY'] is no currency that Stripe knows.",
    hint="Give a lower-case ISO code, such as 'eur'.",
    id="htmx_checkout.E006",
)
E007 = Error(
    "CHECKOUT['PUBLISHABLE_KEY'] is not a publishable key, or SECRET_KEY is one.",
    hint="The publishable key is shown to everybody; it begins with 'pk_'.",
    id="htmx_checkout.E007",
)
E008 = Error(
    "CHECKOUT['REFERENCE_PREFIX'] or ['INSTALLATION'] is longer than its column.",
    hint="Take at most 20 characters for the prefix, and 64 for the installation.",
    id="htmx_checkout.E008",
)
E009 = Error(
    "CHECKOUT['CAPTURE_METHOD'] is neither 'automatic' nor 'manual'.",
    id="htmx_checkout.E009",
)
E010 = Error(
    "CHECKOUT['LATE_MONEY'] is neither 'refund' nor 'honour'.", id="htmx_checkout.E010"
)
E011 = Error(
    "CHECKOUT['AT_MOST_ONCE'] names a signal that there is not.",
    hint="For example 'order_paid', without `htmx_checkout.signals`.",
    id="htmx_checkout.E011",
)
E012 = Error(
    "CHECKOUT['API_BASE'] or ['SCRIPT_URL'] is not Stripe's: whoever answers there"
    " gets the secret key, or what shoppers type into the card fields.",
    hint="Remove both settings; only a stand-in on your own machine needs them.",
    id="htmx_checkout.E012",
)
E013 = Error(
    "The app is imported under a second name: receivers that are connected to that"
    " copy's signals hear nothing.",
    hint="Import `htmx_checkout`, and nothing of it by a longer name.",
    id="htmx_checkout.E013",
)
E014 = Error(
    "USE_TZ is False: Stripe's times could not be stored, and local time goes back an"
    " hour once a year, in which an idempotency key would seem fresh that is not.",
    hint="Set USE_TZ = True; TIME_ZONE still says in which times are shown.",
    id="htmx_checkout.E014",
)
E015 = Error(
    "TASKS has no backend 'default' with a queue 'default': where a task is refused,"
    " the payment that it follows from is not stored.",
    hint="Add both; QUEUES may be left out.",
    id="htmx_checkout.E015",
)
W001 = checks.Warning(
    "CSRF_FAILURE_VIEW is not 'htmx_checkout.csrf.failure': where a shopper logs in in"
    " another tab, the checkout page that is open gets Django's own 403.",
    id="htmx_checkout.W001",
)
W002 = checks.Warning(
    "CHECKOUT holds a key that is not a setting of this app, perhaps misspelt.",
    id="htmx_checkout.W002",
)
W003 = checks.Warning(
    "ContentSecurityPolicyMiddleware is not in MIDDLEWARE: a script that slips into"
    " the page could read what the shopper does there.",
    hint="Add 'django.middleware.csp.ContentSecurityPolicyMiddleware' and SECURE_CSP.",
    id="htmx_checkout.W003",
)
W004 = checks.Warning(
    "TASKS keeps no tasks in this database: an outbox message that fails, or whose"
    " process dies after the commit, waits for `manage.py checkout_reconcile`.",
    hint="Add 'django_tasks_db' and its backend to TASKS, and run `db_worker`.",
    id="htmx_checkout.W004",
)

CSP_MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware"


@register("htmx_checkout")
def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What can be found without calling anybody, on each ``manage.py check``."""
    return [*_keys(), *_sources(), *_policies(), *_surroundings(), *_copies()]


@register("htmx_checkout", deploy=True)
def check_queue(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Before a deployment: a queue that loses tasks will do to try things only."""
    return [] if not task_queue.accepts_tasks() or task_queue.is_durable() else [W004]


@register("htmx_checkout", deploy=True)
def check_addresses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Before a deployment: keys and cards are sent to Stripe only."""
    given = (_origin(conf().api_base), _origin(conf().script_url))
    return [] if given == (_origin(STRIPE_API), _origin(STRIPE_SCRIPT)) else [E012]


def _origin(url: str) -> tuple[str, str]:
    # The whole of it: "http://api.stripe.com" and "https://api.stripe.com@evil" differ.
    return urlsplit(url)[:2]


def _keys() -> Iterator[CheckMessage]:
    held = conf()
    if not (held.secret_key and held.publishable_key):
        yield E001
    if not held.webhook_secrets:
        yield E002
    if held.publishable_key and held.livemode != ("_live_" in held.publishable_key):
        yield E003
    if held.publishable_key[:3] not in ("", "pk_") or held.secret_key[:3] == "pk_":
        yield E007
    if held.livemode and not (held.is_stripe and held.script_url == STRIPE_SCRIPT):
        yield E004


def _sources() -> Iterator[CheckMessage]:
    try:
        if not callable(conf().source):
            yield E005
    except ImportError:
        yield E005
    if len(conf().reference_prefix) > 20 or len(conf().installation) > 64:
        yield E008
    try:
        exponent(conf().currency)
    except CurrencyUnknown:
        yield E006


def _policies() -> Iterator[CheckMessage]:
    if conf().capture_method not in ("automatic", "manual"):
        yield E009
    if conf().late_money not in ("refund", "honour"):
        yield E010
    if set(conf().at_most_once) - set(outbox.Name):
        yield E011


def _surroundings() -> Iterator[CheckMessage]:
    if not settings.USE_TZ:
        yield E014
    if not task_queue.accepts_tasks():
        yield E015
    if settings.CSRF_FAILURE_VIEW != "htmx_checkout.csrf.failure":
        yield W001
    known = {field.name.upper() for field in fields(Conf)}
    if set(getattr(settings, "CHECKOUT", {})) - known:
        yield W002
    if CSP_MIDDLEWARE not in settings.MIDDLEWARE:
        yield W003


def _copies() -> Iterator[CheckMessage]:
    # With the folder above on the import path too, the same files have two names. A
    # host's own module may well be called as the app is: it is another file.
    package = __name__.rpartition(".")[0]
    here = realpath(sys.modules[package].__file__ or "")
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if name.endswith(f".{package}") and realpath(file) == here:
            yield E013
            return
