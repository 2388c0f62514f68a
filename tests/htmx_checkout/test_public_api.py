"""What a host imports from ``htmx_checkout`` itself."""

import inspect
import subprocess
import sys

import pytest

import htmx_checkout
from htmx_checkout.payments import cancel, capture, refund, sync
from tests.support.readme import ROOT, rows, ticked


def test_drafts_and_money_are_there_before_django_has_loaded_its_apps():
    code = """
import htmx_checkout
from htmx_checkout import Draft, Line, Money
draft = Draft(currency="gbp", lines=(Line(name="Notebook", amount=1400),))
assert draft.total == Money(1400, "gbp")
from django.apps import apps
from django.conf import settings
assert not apps.ready and not settings.configured
"""
    path = {"PYTHONPATH": str(ROOT / "checkout"), "PATH": ""}
    subprocess.run([sys.executable, "-c", code], env=path, check=True)


def test_what_moves_money_is_imported_when_it_is_used():
    assert htmx_checkout.refund is refund.refund
    assert htmx_checkout.capture is capture.capture
    assert htmx_checkout.cancel is cancel.cancel
    assert htmx_checkout.refresh is sync.refresh_order


def test_each_name_that_is_promised_is_there_and_no_other():
    for name in htmx_checkout.__all__:
        assert getattr(htmx_checkout, name)
    assert set(htmx_checkout.__all__) <= set(dir(htmx_checkout))
    with pytest.raises(AttributeError, match="no attribute 'charge'"):
        _ = htmx_checkout.charge


def test_the_readme_says_how_each_function_is_called():
    told = {ticked(row[0])[0] for row in rows("Functions")}
    assert told == {said(name) for name in ("refund", "capture", "cancel", "refresh")}


def said(name):
    """A function's name and parameters with their defaults, and without types."""
    given = []
    for parameter in inspect.signature(
        getattr(htmx_checkout, name)
    ).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in given:
            given.append("*")
        default = parameter.default
        value = "" if default is parameter.empty else f"={default!r}".replace("'", '"')
        given.append(parameter.name + value)
    return f"htmx_checkout.{name}({', '.join(given)})"
