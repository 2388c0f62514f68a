"""The tests' settings, for one process with one database of its own."""

import os

from tests.settings import *

DEBUG = False
ALLOWED_HOSTS = ["*"]
# Messages and refunds wait as rows for a worker, which is one of the steps.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# A session costs four statements in the database, and proves nothing about money.
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    from tests.simulation.rows import Connection

    DATABASES["default"] |= {
        "NAME": ":memory:",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "factory": Connection},
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": f"simulation_{os.getpid()}"},
    }

# As the site's own, but that everything is kept for a look: see ``safety``.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "htmx_checkout.redaction.SecretsFilter"}},
    "handlers": {
        "kept": {"class": "tests.simulation.logs.Kept", "filters": ["secrets"]}
    },
    "root": {"handlers": ["kept"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "htmx_checkout": {"level": "INFO"},
        "stripe": {"level": "WARNING"},
    },
}
