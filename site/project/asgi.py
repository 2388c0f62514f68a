"""The site as an ASGI application, for a host that has only that."""

import os
import sys
from pathlib import Path

from django.core.asgi import get_asgi_application

# Started in `site/`, or with that alone on the path, a server would not find
# the app, which stands in the folder `checkout/`.
CHECKOUT = str(Path(__file__).resolve().parent.parent.parent / "checkout")
if CHECKOUT not in sys.path:
    sys.path.append(CHECKOUT)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

application = get_asgi_application()
