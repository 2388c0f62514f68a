"""The stand-in for Stripe alone: ``python -m standin`` for who has ``manage.py``."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from standin.__main__ import main


class Command(BaseCommand):
    help = "Serve the stand-in for Stripe on loopback; options as `python -m standin`."
    # It knows nothing of this site, so it starts whatever state the site is in.
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        # Its options are its own: read here too, they would be listed twice.
        sys.exit(main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        main(list(args))
