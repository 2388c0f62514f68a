"""``manage.py checkout_explain FQ-7K2M9-PQ4RT``: an order's story, line by line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ...audit import timeline
from ...audit.timeline import Row
from ...models import Order
from ...redaction import redact


class Command(BaseCommand):
    help = "Tell what happened to an order, and who has made it paid."

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
    """Who won, who came second, and what is still open."""
    lines, race = [""], timeline.race(order)
    if race is None:
        lines.append("Nobody has made it paid.")
    else:
        won = f"{race.won.cause} {race.won.caused_by}".strip()
        lines.append(f"Won: {won}, at {race.won.clock}.")
        lines += [
            f"Came second: {event.source} {event.stripe_id} ({event.type}), "
            f"{late.total_seconds():.3f} s later."
            for event, late in race.seconds
        ]
    for exception in timeline.open_incidents(order):
        lines.append(f"Open: {exception.get_kind_display()}: {exception.detail}")
    return lines
