"""The content security policy of pages that take a payment."""

import pytest
from django.utils.csp import CSP

from htmx_checkout.csp import policy
from tests.support.cast import (
    shopper,
)

pytestmark = pytest.mark.django_db


PAGE, PAYMENT = "/checkout/", "/checkout/payment/"


def test_windows_that_a_bank_opens_may_talk_to_the_payment_page(till):
    policy = shopper().get(PAGE)["Cross-Origin-Opener-Policy"]
    assert policy == "same-origin-allow-popups"


def test_a_host_that_allows_no_frames_gets_stripes_and_no_none_beside_them(
    till, settings
):
    settings.SECURE_CSP = settings.SECURE_CSP | {"frame-src": [CSP.NONE]}
    policy = shopper().get(PAGE)["Content-Security-Policy"]
    assert f"frame-src {till.base_url}" in policy
    assert "frame-src 'none'" not in policy


def test_a_policy_of_default_src_alone_still_lets_in_what_it_let_in(settings):
    settings.SECURE_CSP = {"default-src": [CSP.SELF, CSP.NONCE]}
    for directive in ("script-src", "connect-src"):
        assert {CSP.SELF, CSP.NONCE} <= set(policy()[directive])
