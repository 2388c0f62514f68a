"""The site as a WSGI application: ``gunicorn --chdir site project.wsgi``."""

import os
import sys
from pathlib import Path

from django.core.wsgi import get_wsgi_application

# Started in `site/`, or with that alone on the path, a server would not find
# `checkout`.
ROOT = str(Path(__file__).resolve().parent.parent.parent)
if ROOT not in sys.path:
    sys.path.append(ROOT)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = get_wsgi_application()
