"""The smallest host of ``checkout``: one file that is settings, URLs and manage.py.

``bin/bare-host`` runs it beside the installed wheel, outside this repository.
"""

import sys

import django
from django.conf import settings
from django.urls import include, path
from django.utils.csp import CSP

settings.configure(
    SECRET_KEY="only for this visit",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}
    },
    STATIC_URL="/static/",
    INSTALLED_APPS=[
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "django_htmx",
        "htmx_checkout",
    ],
    MIDDLEWARE=[
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.csp",
                ]
            },
        }
    ],
    SECURE_CSP={
        "default-src": [CSP.NONE],
        "script-src": [CSP.SELF, CSP.NONCE],
        "style-src": [CSP.SELF],
        "img-src": [CSP.SELF],
        "connect-src": [CSP.SELF],
        "form-action": [CSP.SELF],
    },
    CSRF_FAILURE_VIEW="htmx_checkout.csrf.failure",
    CHECKOUT={
        "SECRET_KEY": "sk_test_bare",
        "PUBLISHABLE_KEY": "pk_test_bare",
        "WEBHOOK_SECRETS": ["whsec_bare"],
    },
)
django.setup()
urlpatterns = [path("checkout/", include("htmx_checkout.urls"))]


def visit():
    """Open the checkout with a total in the session, as a shopper would."""
    from django.contrib.staticfiles import finders
    from django.test import Client

    import htmx_checkout

    client = Client()
    session = client.session
    session["order_total"] = 4200
    session.save()
    page = client.get("/checkout/")
    assert page.status_code == 200, page
    assert "42.00" in page.text, page.text
    assert "default-src 'none'" in page["Content-Security-Policy"], page.headers
    assert finders.find("htmx_checkout/tokens.css"), "the wheel carries no styles"
    forged = client.post("/checkout/webhook/", b"{}", content_type="application/json")
    assert forged.status_code == 400, forged
    where = f"{htmx_checkout.__version__} in {htmx_checkout.__file__}"
    print(f"htmx_checkout {where}: $42.00 to pay")


if __name__ == "__main__":
    if sys.argv[1:] == ["visit"]:
        visit()
    else:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
