"""Reports as incidents what does not add up in the ledger."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from .. import incidents
from . import ledger
from .summary import Acts, Summary


def discrepancies(summary: Summary, window: timedelta) -> Acts:
    """Check the orders of the window, and open an incident for each violation."""
    summary.violations = ledger.violations(timezone.now() - window)
    for violation in summary.violations:
        yield partial(_report, violation)


@transaction.atomic
def _report(violation: str) -> None:
    incidents.report(incidents.Kind.LEDGER, violation[:255], violation)
