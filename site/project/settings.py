"""The site's settings: what is fixed stands here, the rest is the environment's.

``.env.example`` lists every variable that is read.
"""

import os
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from project import databases, keys, secret_key
from project.variables import Variables

ROOT = Path(__file__).resolve().parent.parent.parent

env = Variables()
env.read_env(os.environ.get("ENV_FILE", ROOT / ".env"))

# --- What this is -----------------------------------------------------------

DEBUG = env.switch("DEBUG", default=False)
SECRET_KEY = secret_key.choose(
    env.str("SECRET_KEY", default=""), ROOT / ".secret-key", debug=DEBUG
)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks_db",
    "htmx_checkout",
    "shop",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside of everything that may answer by itself, so that a refused form
    # carries the policy too.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Data -------------------------------------------------------------------

DATABASES = {
    "default": databases.tuned(
        env.db_url_config(
            env.str("DATABASE_URL", default="") or databases.default_url(ROOT)
        )
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Messages and refunds wait in this database until a worker (`manage.py db_worker`)
# takes them: a task is kept in the transaction of the fact that it follows from.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Language and time ------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- Static files -----------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Hashed names need a `collectstatic` first, which nobody wants between
        # saving a stylesheet and looking at it.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- Security ---------------------------------------------------------------

# No third party, not even Stripe: the payment pages add its hosts themselves.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "htmx_checkout.csrf.failure"
DEFAULT_EXCEPTION_REPORTER = "htmx_checkout.redaction.SecretsReporter"

HTTPS = env.switch("HTTPS", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# An hour, so that a mistake does no lasting harm; raise it to 31536000 once every
# subdomain is known to answer over HTTPS.
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", default=3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.switch(
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True
)
SECURE_HSTS_PRELOAD = env.switch("SECURE_HSTS_PRELOAD", default=True)
if env.switch("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Stripe, or its stand-in ------------------------------------------------

STRIPE = keys.choose(
    env.str("STRIPE_SECRET_KEY", default=""),
    env.str("STRIPE_PUBLISHABLE_KEY", default=""),
    env.words("STRIPE_WEBHOOK_SECRET"),
    debug=DEBUG,
)
PORT = env.number("PORT", default=8000)
STANDIN_PORT = env.number("STANDIN_PORT", default=12111)

CHECKOUT = {
    "SECRET_KEY": STRIPE.secret,
    "PUBLISHABLE_KEY": STRIPE.publishable,
    "WEBHOOK_SECRETS": STRIPE.webhook_secrets,
    "ORDER_SOURCE": "shop.source.draft",
    "LINE_CONTROLS": "shop/_controls.html",
    "INSTALLATION": env.str("INSTALLATION", default="fern-and-quill"),
    "PUBLIC_ORIGIN": env.str("PUBLIC_ORIGIN", default=""),
    "SHOP_NAME": "Fern & Quill",
    "SHOP_URL": "/",
    "REFERENCE_PREFIX": "FQ",
    "HTMX_MAJOR": env.number("HTMX_MAJOR", default=2),
}
if STRIPE.are_standin:
    standin = f"http://127.0.0.1:{STANDIN_PORT}"
    CHECKOUT["API_BASE"] = standin
    CHECKOUT["SCRIPT_URL"] = f"{standin}/endive/stripe.js"

# --- Logging ----------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "filters": {
        "secrets": {"()": "htmx_checkout.redaction.SecretsFilter"},
        "in_production": {"()": "django.utils.log.RequireDebugFalse"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["secrets"],
        },
        # `db_worker` sets its loggers to INFO itself, and says each task three times.
        "worker": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["secrets"],
            "level": "WARNING",
        },
        # Money that fits no order is an error: whoever is in ADMINS hears of it.
        "mail_admins": {
            "class": "django.utils.log.AdminEmailHandler",
            "level": "ERROR",
            "filters": ["in_production", "secrets"],
        },
    },
    "root": {"handlers": ["console", "mail_admins"], "level": "WARNING"},
    "loggers": {
        # Django sets up handlers of its own for these two, without the filter.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django.utils.autoreload": {"level": "WARNING"},
        "django.tasks": {"handlers": ["worker", "mail_admins"], "propagate": False},
        "django_tasks_db": {"handlers": ["worker", "mail_admins"], "propagate": False},
        "htmx_checkout": {"level": "INFO"},
        "shop": {"level": "INFO"},
        # At INFO the library logs what it sends; e-mail addresses are in there.
        "stripe": {"level": "WARNING"},
    },
}
