"""``manage.py checkout_reconcile``: for cron, every few minutes."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TextIO

from django.core.management.base import BaseCommand

from ... import reconciliation

try:
    from tqdm import tqdm
except ImportError:  # Only the extra `progress` brings it.
    tqdm = None


class Command(BaseCommand):
    help = (
        "Ask Stripe about everything that is not finished, and act on its answers. "
        "Prints a summary as JSON; exits with 1 when something is left or wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Ask Stripe, print what would be done, and change nothing.",
        )
        parser.add_argument(
            "--hours",
            type=float,
            default=reconciliation.WINDOW.total_seconds() / 3600,
            help="How far back to compare with Stripe's lists (default: %(default)g; "
            "720 once a night).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        summary = reconciliation.run(
            dry_run=options["dry_run"],
            window=timedelta(hours=options["hours"]),
            progress=progress_on(sys.stderr),
        )
        self.stdout.write(json.dumps(summary.as_dict()))
        if not summary.is_clean:
            sys.exit(1)


def progress_on(stream: TextIO) -> reconciliation.Progress:
    """A progress bar on a terminal, if tqdm is installed; nothing in cron's mail."""

    def bar(items: Iterable[Any], name: str) -> Iterable[Any]:
        if tqdm is None or not stream.isatty():
            return items
        shown: Iterable[Any] = tqdm(items, desc=name, file=stream, leave=False)
        return shown

    return bar
