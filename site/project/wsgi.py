"""The site as a WSGI application: ``gunicorn --chdir site project.wsgi``."""

import os
import sys
from pathlib import Path

from django.core.wsgi import get_wsgi_application

# Started in `site/`, or with that alone on the path, a server would not find
# the app, which stands in the folder `checkout/`.
CHECKOUT = str(Path(__file__).resolve().parent.parent.parent / "checkout")
if CHECKOUT not in sys.path:
    sys.path.append(CHECKOUT)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = get_wsgi_application()
