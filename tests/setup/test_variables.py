"""How the environment is read."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.variables import Variables

env = Variables()


@pytest.mark.parametrize(
    ("word", "value"), [("on", True), ("TRUE", True), ("1", True), ("off", False)]
)
def test_a_switch_is_on_or_off(monkeypatch, word, value):
    monkeypatch.setenv("HTTPS", word)
    assert env.switch("HTTPS", default=not value) is value


def test_a_misspelt_switch_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("HTTPS", "onn")
    with pytest.raises(ImproperlyConfigured, match="HTTPS must be on or off"):
        env.switch("HTTPS", default=True)


@pytest.mark.parametrize("word", ["12.5", "-1", "0x10", "port"])
def test_what_is_no_whole_number_is_refused_by_name(monkeypatch, word):
    monkeypatch.setenv("PORT", word)
    with pytest.raises(ImproperlyConfigured, match="PORT must be a whole number"):
        env.number("PORT", default=8000)


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("EMPTY", "")
    assert env.switch("EMPTY", default=True) is True
    assert env.number("EMPTY", default=8000) == 8000
    assert env.words("EMPTY") == []


def test_spaces_and_a_trailing_comma_do_no_harm(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,")
    assert env.words("ALLOWED_HOSTS") == ["a.example", "b.example"]
