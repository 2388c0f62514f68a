"""The site as a WSGI application: ``gunicorn --pythonpath site project.wsgi``."""

import os
import sys
from pathlib import Path

from django.core.wsgi import get_wsgi_application

# With `site/` alone on the path, as a server started elsewhere has it,
# `checkout` would not be found.
ROOT = str(Path(__file__).resolve().parent.parent.parent)
if ROOT not in sys.path:
    sys.path.append(ROOT)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = get_wsgi_application()
