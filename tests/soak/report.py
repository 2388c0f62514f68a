"""The figures of a run, and what is searched for in all that was written."""

import re
from pathlib import Path
from typing import Any

from .counts import Counts
from .proxy import Kind
from .scene import Scene

# Keys, signing secrets, client secrets, and the token of an order in a URL.
SECRETS = re.compile(
    r"(?:sk|rk)_(?:test|live)_\w+|whsec_\w+|_secret_\w+|/(?:status|return)/[\w-]{30,}"
)
# What a 500 may rest on: a database that was cut off.
RAISED = re.compile(r"(?m)^[\w.]+(?:Error|Exception|Exit)\b")
EXCUSES = ("OperationalError", "InterfaceError")


def leaks(scene: Scene) -> list[str]:
    """Secrets in any log, and in any row of any table but the sessions."""
    found = []
    for log in sorted(scene.logs.glob("*.log")):
        for secret in set(SECRETS.findall(log.read_text(errors="replace"))):
            found.append(f"{log.name} holds {secret[:12]}… (I11)")
    with scene.database.connect() as door:
        tables = door.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            sql = f"SELECT COUNT(*) FROM {table} t WHERE t::text ~ %s"
            row = door.execute(sql, ["(sk|rk)_(test|live)_|whsec_|_secret_"]).fetchone()
            if row[0]:
                found.append(f"{table} holds {row[0]} secrets (I11)")
    return found


def unexcused(logs: Path) -> list[str]:
    """Answers of 500 whose reason is not a database that was cut off."""
    found = []
    for log in sorted(logs.glob("web*.log")):
        for entry in re.split(r"(?m)^(?=\d{4}-\d\d-\d\d \d\d:)", log.read_text()):
            if "Internal Server Error" in entry and not excused(entry):
                found.append(f"{log.name}: {entry.strip()[-400:]}")
    for log in sorted(logs.glob("staff*.log")):
        text = log.read_text()
        if "STAFF STUMBLED" in text:
            found.append(f"{log.name}: {text[-600:]}")
    return found


def excused(entry: str) -> bool:
    raised = RAISED.findall(entry)
    return bool(raised) and any(excuse in raised[-1] for excuse in EXCUSES)


def doors(scene: Scene) -> None:
    """Take over what the doors have counted."""
    for name in ("stripe", "postgres", "front"):
        for kind, number in getattr(scene, name).struck.items():
            scene.counts.add(f"{name}: {kind}", number)


def numbers(scene: Scene) -> dict[str, Any]:
    """Orders, paid and refunded, from the database."""
    with scene.database.connect() as door:
        sql = """SELECT
            (SELECT COUNT(*) FROM htmx_checkout_order),
            (SELECT COUNT(*) FROM htmx_checkout_order WHERE status = 'paid'),
            (SELECT COUNT(*) FROM htmx_checkout_order WHERE status = 'cancelled'),
            (SELECT COUNT(*) FROM htmx_checkout_refund WHERE status <> 'failed'),
            (SELECT COUNT(*) FROM htmx_checkout_webhookevent),
            (SELECT COUNT(*) FROM htmx_checkout_incident)"""
        row = door.execute(sql).fetchone()
        kinds = door.execute(
            """SELECT CASE WHEN closed_at IS NULL THEN 'open ' ELSE '' END || kind,
            COUNT(*) FROM htmx_checkout_incident GROUP BY 1 ORDER BY 1"""
        ).fetchall()
    names = ("orders", "paid", "cancelled", "refunds", "events", "incidents")
    return dict(zip(names, row, strict=True)) | {"kinds": dict(kinds)}


def lines(scene: Scene, minutes: float, took: float) -> list[str]:
    """The summary, a line for each room."""
    counts, found = scene.counts, numbers(scene)
    head = [f"{name} {found[name]}" for name in list(found)[:6]]
    rooms = ("killed", "ended", "reconciled", "stripe", "postgres", "front", "api")
    rooms += ("deliveries", "elsewhere", "story", "gave up", "shown", "desk", "looks")
    said = [
        f"soak of {minutes:g} minutes, seed {scene.seed}",
        f"  {', '.join(head)}",
        f"  incidents: {room(found['kinds'])}",
        *(f"  {name}: {room(counts.of(name))}" for name in rooms if counts.of(name)),
        f"  answers: {answers(scene)}",
    ]
    for kind in ("page", "webhook"):
        said.append(f"  {kind}: {times(scene, kind)}")
    said.append(f"  kills {counts.sum('killed')}, faults {faults(counts)}")
    said.append(f"  converged within {took:.1f} s of the last fault")
    return said


def room(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in found.items()) or "none"


def answers(scene: Scene) -> str:
    return ", ".join(
        f"{kind} {status} {number}"
        for (kind, status), number in sorted(scene.front.statuses.items())
    )


def times(scene: Scene, kind: str) -> str:
    shares = {"p50": 0.5, "p99": 0.99, "slowest": 1}
    found = {
        name: scene.front.percentile(kind, share) for name, share in shares.items()
    }
    return ", ".join(f"{name} {time:.0f} ms" for name, time in found.items())


def faults(counts: Counts) -> int:
    """All that went wrong on purpose: neither kills nor answers that were only late."""
    rooms = ("stripe", "postgres", "front", "api", "deliveries", "elsewhere")
    late = sum(counts.of(name).get(Kind.LATENCY, 0) for name in rooms)
    return counts.sum(*rooms) - late


def struck(scene: Scene) -> int:
    """What the doors have done so far, late answers aside."""
    doors = (scene.stripe, scene.postgres, scene.front)
    return sum(sum(door.struck.values()) - door.struck[Kind.LATENCY] for door in doors)
