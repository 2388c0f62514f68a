"""Logs: whatever is written, no secret is in it."""

import io
import logging
import string
import sys

import pytest
from django.conf import settings
from django.views.debug import get_exception_reporter_class
from hypothesis import given
from hypothesis import strategies as st

from checkout.redaction import SecretsFilter, redact

random_part = st.text(string.ascii_letters + string.digits, min_size=8, max_size=60)
SHAPES = (
    "sk_test_{}",
    "sk_live_{}",
    "rk_live_{}",
    "whsec_{}",
    "pi_3Vlv0_secret_{}",
    "cs_test_a1_secret_{}",
    "cuss_secret_{}",
    "/checkout/return/{}/",
    "/checkout/status/{}/poll/",
)


@given(st.text(), st.sampled_from(SHAPES), random_part, st.text())
def test_no_secret_survives_in_any_surroundings_i11(before, shape, secret, after):
    said = redact(f"{before} {shape.format(secret)} {after}")
    assert shape.format(secret) not in said
    assert redact(said) == said


def logged(write):
    """What ``write(logger)`` leaves in a log with the filter."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(SecretsFilter())
    logger = logging.Logger("tests")
    logger.addHandler(handler)
    write(logger)
    return stream.getvalue()


def test_secrets_in_arguments_are_hidden():
    line = '"GET /return/x/?payment_intent_client_secret=pi_1_secret_abc HTTP/1.1"'
    said = logged(lambda logger: logger.info('"%s" %s %s', line, "303", "0"))
    assert "abc" not in said
    assert "303" in said


def test_secrets_in_a_traceback_are_hidden():
    def write(logger):
        try:
            raise ValueError("sk_test_abc was refused")
        except ValueError:
            logger.error("failed", exc_info=sys.exc_info())

    said = logged(write)
    assert "sk_test_abc" not in said
    assert "ValueError" in said


def test_what_is_no_secret_stays_readable():
    line = "Stripe: CardError 402 card_declined, request req_5xDiqE4NWdx5ku, pi_3Vlv0"
    assert redact(line) == line


@pytest.mark.parametrize("name", settings.LOGGING["handlers"])
def test_each_handler_of_the_site_has_the_filter(name):
    assert "secrets" in settings.LOGGING["handlers"][name].get("filters", ())
    assert settings.LOGGING["filters"]["secrets"]["()"].endswith("SecretsFilter")


@pytest.mark.parametrize("debug", [True, False])
def test_error_pages_and_mails_show_no_secret_i11(rf, settings, debug):
    settings.DEBUG = debug
    url = "/checkout/return/tok_abc/?payment_intent_client_secret=pi_1_secret_abc"
    try:
        client_secret = "pi_1_secret_abc"
        raise RuntimeError(f"{client_secret} sk_test_abc")
    except RuntimeError:
        report = get_exception_reporter_class(None)(rf.get(url), *sys.exc_info())
    for page in (report.get_traceback_html(), report.get_traceback_text()):
        assert "RuntimeError" in page
        assert "_secret_abc" not in page
        assert "sk_test_abc" not in page
        assert "tok_abc" not in page
