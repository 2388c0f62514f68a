"""The settings that both sides of a comparison stand on.

Django's own from ``startproject``, and the site's way to talk to PostgreSQL:
what is not named here is nobody's advantage.
"""

from pathlib import Path
from typing import Any

from project.databases import tuned

ROOT = Path(__file__).resolve().parent.parent

SECRET_KEY = "sk_test_0123456789abcdefghijklmn"
WEBHOOK_SECRET = "whsec_of_both_sides"

APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
CONTEXT = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]


def ground(database: str) -> dict[str, Any]:
    """The settings, for the PostgreSQL database of that name."""
    where = {"ENGINE": "django.db.backends.postgresql", "NAME": database}
    where |= {"HOST": "127.0.0.1", "PORT": "5432", "USER": "postgres"}
    engine = "django.template.backends.django.DjangoTemplates"
    return {
        "DEBUG": False,
        # A side that fails ends the run with its traceback.
        "DEBUG_PROPAGATE_EXCEPTIONS": True,
        "SECRET_KEY": "only for the bench",
        "ALLOWED_HOSTS": ["127.0.0.1"],
        "DATABASES": {"default": tuned(where)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "MIDDLEWARE": MIDDLEWARE,
        "TEMPLATES": [
            {
                "BACKEND": engine,
                # Ours; in the wheel they lie inside of the app.
                "DIRS": [ROOT / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": CONTEXT},
            }
        ],
        "STATIC_URL": "/static/",
        "USE_TZ": True,
    }
