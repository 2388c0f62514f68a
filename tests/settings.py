"""The site's settings, cut off from whatever shell or ``.env`` the tests run in.

A developer's own ``.env`` may hold real Stripe keys; no test must ever see them.
Only the database may be chosen from outside, to run the suite on PostgreSQL.
"""

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

read = re.findall(
    r'env\.\w+\(\s*"(\w+)"', (ROOT / "site/project/settings.py").read_text()
)
for name in {*read} - {"DATABASE_URL"}:
    os.environ.pop(name, None)
os.environ |= {"ENV_FILE": os.devnull, "DEBUG": "on", "SECRET_KEY": "only for tests"}

from project.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: in memory, all threads of the live server would
    # share one connection and with it one transaction.
    DATABASES["default"]["TEST"] = {"NAME": f"{ROOT}/data/test-{os.getpid()}.sqlite3"}
else:
    # A kept connection would stop the test database from being dropped.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Messages reach the host at once, as in a host that has set up no queue; the tests
# of the queue set one up.
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
