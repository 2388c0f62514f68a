#!/usr/bin/env python
"""Django's command line, with ``checkout/`` and ``site/`` on the import path."""

import os
import sys
from pathlib import Path


def main() -> None:
    root = Path(__file__).resolve().parent
    sys.path[:0] = [str(root / "checkout"), str(root / "site")]
    if sys.argv[1:2] == ["standin"]:
        # It needs nothing of the site, so nothing that the site lacks, a key or
        # Django itself, may keep it from starting.
        from stripe_standin.__main__ import main as standin

        sys.exit(standin(sys.argv[2:]))

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # Its sentence says what to do; forty lines of stack would bury it.
        if "--traceback" in sys.argv:
            raise
        sys.exit(str(error))


if __name__ == "__main__":
    main()
