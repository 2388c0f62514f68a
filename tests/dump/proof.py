"""``python -m tests.dump.proof``: the dumped shop after all migrations, as JSON.

The rows are loaded under the first migration, the others follow, and the reconciler
runs beside a stand-in that holds what Stripe held, at the moment of the dump.
"""

import json
from io import StringIO

from tests.dump import database


def main():
    kept = database.read_stripe()
    with database.empty() as connection:
        import pytest
        import time_machine
        from django.core.management import call_command

        call_command("migrate", database.APP, database.FIRST, verbosity=0)
        database.read_rows(connection)
        call_command("migrate", verbosity=0)
        settings, patch = database.Settings(), pytest.MonkeyPatch()
        # A minute later: the reconciler leaves alone what is younger.
        with time_machine.travel(kept["moment"] + 60, tick=True):
            print(json.dumps(reconciled(kept, settings, patch), indent=1))
        patch.undo()
        settings.undo()


def reconciled(kept, settings, patch):
    """What there is before and after it, and what the command itself says."""
    from django.core.management import call_command

    from tests.support.world import world

    with world(settings, patch) as shop:
        database.refill(shop.engine, kept)
        before, said, code = states(), StringIO(), 0
        try:
            call_command("checkout_reconcile", stdout=said)
        except SystemExit as ended:
            code = ended.code
        shop.work()
        summary = json.loads(said.getvalue())
        return {"before": before, "after": states(), "exit": code, "summary": summary}


def states():
    """A line for each thing that the app keeps, with all that may not change."""
    from htmx_checkout import models as m

    money = ("amount", "amount_received", "amount_refunded")
    lines = [f"audit log of {m.AuditEntry.objects.count()}"]
    for model in (m.Order, m.Payment, m.Refund, m.Dispute):
        for row in model.objects.all():
            sums = [str(getattr(row, name)) for name in money if hasattr(row, name)]
            lines.append(" ".join([model._meta.model_name, row.status, *sums]))
    for row in m.Incident.objects.all():
        lines.append(f"incident {row.kind} {'closed' if row.closed_at else 'open'}")
    for row in m.OutboxMessage.objects.all():
        state = "parked" if row.parked_at else "done" if row.done_at else "waiting"
        lines.append(f"message {row.name} {state}")
    return lines


if __name__ == "__main__":
    main()
