"""What the bench rests on; its figures are its own."""

import re

import pytest
from django.apps import apps

from bench import filling
from bench.figure import Figure
from tests.support.readme import ROOT


def pins(name):
    return dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / name).read_text(), re.M))


@pytest.mark.parametrize(
    ("value", "holds"), [(4.9, False), (5, True), (7, True), (7.1, False)]
)
def test_a_figure_holds_from_its_floor_to_its_budget(value, holds):
    assert Figure("Ratio", value, "times", budget=7, floor=5).holds is holds


def test_the_big_shop_is_filled_by_columns_that_are_there():
    for name, _rows, columns in filling.tables(1000):
        fields = {field.column: field for field in apps.get_model(name)._meta.fields}
        assert columns.keys() <= fields.keys(), name
        for column in fields.keys() - columns.keys() - {"id"}:
            filling.default(fields[column])


def test_both_webhooks_run_on_the_same_django_and_driver():
    ours, theirs = pins("requirements/dev.txt"), pins("bench/djstripe/requirements.txt")
    for name in ("django", "psycopg", "psycopg-binary", "requests"):
        assert ours[name] == theirs[name]
