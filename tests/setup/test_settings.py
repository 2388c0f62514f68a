"""What the settings promise to hosts, shoppers and whoever reads them."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def read_by_the_settings():
    source = (ROOT / "site/project/settings.py").read_text()
    return {
        *re.findall(r'\benv\.\w+\(\s*"(\w+)"', source),
        *re.findall(r'\benviron\.get\(\s*"(\w+)"', source),
    }


def test_the_example_lists_every_variable_and_no_other():
    example = (ROOT / ".env.example").read_text()
    listed = re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)
    assert len(listed) == len({*listed})
    assert {*listed} == read_by_the_settings()


def test_the_example_changes_nothing_when_it_is_copied():
    example = (ROOT / ".env.example").read_text()
    assert not re.search(r"^[^#\n]", example, re.MULTILINE)


def test_the_base_policy_names_no_third_party_and_nothing_unsafe():
    words = [str(word) for source in settings.SECURE_CSP.values() for word in source]
    assert settings.SECURE_CSP["default-src"] == ["'none'"]
    assert not [word for word in words if "." in word or ":" in word or "*" in word]
    assert not [word for word in words if "unsafe" in word or "strict-dyn" in word]


def test_the_stripe_library_is_too_quiet_to_log_what_it_sends():
    assert settings.LOGGING["loggers"]["stripe"]["level"] == "WARNING"


def test_the_tests_never_see_a_key_of_stripe():
    assert settings.CHECKOUT["SECRET_KEY"] == "sk_test_standin"
    assert settings.CHECKOUT["API_BASE"].startswith("http://127.0.0.1:")
