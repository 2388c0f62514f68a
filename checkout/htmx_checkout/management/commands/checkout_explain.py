"""``manage.py checkout_explain FQ-7K2M9-PQ4RT``: what happened to an order."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...audit import timeline
from ...audit.rows import Row
from ...models import Order
from ...redaction import redact


class Command(BaseCommand):
    help = "Print what happened to an order, and what made it paid."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name", help="an order's reference, an intent (pi_…) or a refund (re_…)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        order = timeline.find(options["name"])
        if order is None:
            name = redact(options["name"])
            raise CommandError(f"There is no order, payment or refund {name}.")
        self.stdout.write(f"{order.reference}  {order.total}  {order.status}\n\n")
        for row in timeline.of(order):
            self.stdout.write(_line(row))
        for line in _ends(order):
            self.stdout.write(line)


def _line(row: Row) -> str:
    who = f"{row.cause} {row.caused_by}".strip()
    amount = f"{row.amount}" if row.amount is not None else ""
    later = "to come" if row.is_to_come else ""
    parts = (amount, f"by {who}" if who else "", row.request_id, later)
    more = "  ".join(part for part in parts if part)
    return f"{row.clock}  {row.what:<9}  {row.text}  {more}".rstrip()


def _ends(order: Order) -> list[str]:
    """What made it paid, which events came later, and which incidents are open."""
    lines, race = [""], timeline.race(order)
    if race is None:
        lines.append("It was never paid.")
    else:
        winner = f"{race.winner.cause} {race.winner.caused_by}".strip()
        lines.append(f"Made paid by {winner}, at {race.winner.clock}.")
        lines += [
            f"Came later: {event.source} {event.stripe_id} ({event.type}), "
            f"{late.total_seconds():.3f} s later."
            for event, late in race.late
        ]
    for incident in timeline.open_incidents(order):
        lines.append(f"Open incident: {incident.get_kind_display()}: {incident.detail}")
    return lines
