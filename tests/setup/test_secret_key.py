"""Django's secret key: given, or made once."""

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from project.secret_key import choose


def test_the_given_key_is_used_and_no_file_is_made(tmp_path):
    file = tmp_path / ".secret-key"
    assert choose("given", file, debug=True) == "given"
    assert not file.exists()


def test_production_does_not_start_without_one(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        choose("", tmp_path / ".secret-key", debug=False)
    assert not list(tmp_path.iterdir())


def test_the_demo_makes_one_and_keeps_it(tmp_path):
    file = tmp_path / ".secret-key"
    first = choose("", file, debug=True)
    assert len(first) >= 50
    assert choose("", file, debug=True) == first
    assert [entry.name for entry in tmp_path.iterdir()] == [".secret-key"]


def test_only_its_owner_can_read_the_file(tmp_path):
    file = tmp_path / ".secret-key"
    choose("", file, debug=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
