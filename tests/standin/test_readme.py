"""The stand-in's page for strangers names what is there, and nothing else."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

import stripe_standin
from stripe_standin.__main__ import OPTIONS
from stripe_standin.desk.actions import ACTIONS
from stripe_standin.protocol import faults
from stripe_standin.protocol.versions import LATEST

PAGE = (Path(stripe_standin.__file__).parent / "README.md").read_text()


def rows(title: str) -> dict[str, str]:
    """First cell to the rest of its row, in the table under ``title``."""
    _, _, below = PAGE.partition(f"\n## {title}\n")
    under, _, _ = below.partition("\n## ")
    table = re.findall(r"^\| (.+?) \| (.*)\|$", under, re.MULTILINE)
    return {name: rest for name, rest in table if name.startswith("`")}


def ticked(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def test_each_option_is_named_with_its_default():
    told = rows("Start")
    assert {name.strip("`") for name in told} == set(OPTIONS)
    assert told["`--api-version`"].startswith(f"{LATEST} |")


def test_each_kind_of_fault_is_named():
    assert {name.strip("`") for name in rows("Faults")} == set(faults.KINDS)


def test_each_field_of_a_fault_is_named():
    _, _, below = PAGE.partition("\n## Faults\n")
    names = {field.name for field in fields(faults.Fault)} - {"kind"}
    assert names <= ticked(below.partition("\n## ")[0])


def test_each_action_of_the_desk_is_named():
    assert set().union(*map(ticked, rows("The desk"))) == set(ACTIONS)


@pytest.mark.parametrize("name", sorted(set(ACTIONS) - {"fault"}))
def test_an_action_is_named_with_what_it_takes(name):
    (rest,) = [rest for cell, rest in rows("The desk").items() if name in ticked(cell)]
    _world, *taken = inspect.signature(ACTIONS[name]).parameters
    assert set(taken) <= ticked(rest)
