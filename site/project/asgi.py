"""The site as an ASGI application, for a host that has only that."""

import os
import sys
from pathlib import Path

from django.core.asgi import get_asgi_application

# Started in `site/`, or with that alone on the path, a server would not find
# `checkout`.
ROOT = str(Path(__file__).resolve().parent.parent.parent)
if ROOT not in sys.path:
    sys.path.append(ROOT)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = get_asgi_application()
