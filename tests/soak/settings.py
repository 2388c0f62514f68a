"""The site as in production, but over plain HTTP and with Stripe behind a door.

Everything that the site itself reads comes from the environment that the soak
makes (``scene``); nothing of the developer's own shell or ``.env``.
"""

import os

from project.settings import *

INSTALLED_APPS += ["tests.soak.host"]
CHECKOUT |= {
    "API_BASE": os.environ["SOAK_STRIPE"],
    "SCRIPT_URL": f"{os.environ['SOAK_STRIPE']}/endive/stripe.js",
}
# Nobody asks for a style sheet here; hashed names would need a `collectstatic`.
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
