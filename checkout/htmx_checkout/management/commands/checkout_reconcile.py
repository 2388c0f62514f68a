"""``manage.py checkout_reconcile``: for cron, every few minutes."""

import json
import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from ... import reconciliation


class Command(BaseCommand):
    help = (
        "Ask Stripe about everything that is not finished, and act on its answers. "
        "Prints a summary as JSON; exits with 1 when something is left or wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Ask Stripe, say what would be done, and change nothing.",
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
            progress=_bar,
        )
        self.stdout.write(json.dumps(summary.as_dict()))
        if not summary.is_clean:
            sys.exit(1)


def _bar(items: Iterable[Any], name: str) -> Iterable[Any]:
    """A bar on a terminal; nothing in cron's mail."""
    bar: Iterable[Any] = tqdm(items, desc=name, disable=None, leave=False)
    return bar
