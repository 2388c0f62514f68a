"""The Content-Security-Policy of pages that take a payment.

Starts from the site's own policy (``settings.SECURE_CSP``), and adds the hosts that
Stripe.js needs (https://docs.stripe.com/security/guide#content-security-policy). No
other page gets them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csp import csp_override

from .conf import conf

SCRIPTS = ["https://js.stripe.com", "https://*.js.stripe.com"]
STRIPE_HOSTS = {
    "script-src": SCRIPTS,
    "frame-src": [*SCRIPTS, "https://hooks.stripe.com"],
    "connect-src": ["https://api.stripe.com"],
}

View = Callable[..., HttpResponse]


def allow_stripe(view: View) -> View:
    """Decorator: the page may load Stripe.js. Reads the policy at each request."""

    @wraps(view)
    def with_stripe(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = csp_override(policy())(view)(request, *args, **kwargs)
        # Some methods (PayPal, bank log-ins) open a window that reports back to this
        # page, which Django's default, "same-origin", prevents.
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        return response

    return with_stripe


def policy() -> dict[str, list[str]]:
    """The site's policy with Stripe's hosts; empty where the site has no policy."""
    base = getattr(settings, "SECURE_CSP", {})
    if not base:
        return {}
    return dict(base) | {
        directive: _with_hosts(base, directive, hosts)
        for directive, hosts in script_hosts().items()
    }


def script_hosts() -> dict[str, list[str]]:
    """Stripe's hosts for each directive, or the origin of a stand-in."""
    if conf().is_stripe:
        return STRIPE_HOSTS
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(conf().script_url))
    return {directive: [origin] for directive in STRIPE_HOSTS}


def _with_hosts(base: dict[str, Any], directive: str, hosts: list[str]) -> list[str]:
    given = base.get(directive, base.get("default-src", []))
    own = [source for source in given if source != "'none'"]
    return [*own, *hosts]
