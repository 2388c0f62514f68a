"""``python pay.py`` in a project with README's lines: Ada pays, and no money moves.

``bin/bare-host`` runs it where both wheels are installed, outside this repository.
"""

import os
import runpy
from pathlib import Path

from stripe_standin.shell.server import serve

os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"

with serve(port=0) as stripe:
    keys = {"SECRET_KEY": "sk_test_bare", "PUBLISHABLE_KEY": "pk_test_bare"}
    script = f"{stripe.base_url}/endive/stripe.js"
    given = keys | {"API_BASE": stripe.base_url, "SCRIPT_URL": script}
    with Path("mysite/settings.py").open("a") as settings:
        settings.write(f"\nCHECKOUT |= {given}\n")
    runpy.run_path("visit.py")
