"""``python -m tests.soak --minutes 10 --seed 7``; exits 1 on any violation."""

import argparse
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from . import report
from .chaos import Chaos, required
from .crowd import Crowd
from .database import Database, NoDatabase
from .harmony import Harmony
from .reconciling import Cron
from .scene import Scene
from .watch import Watch

# Invariant I16.
BOUND_SECONDS = 60
# In less time not every kind of trouble can have happened.
WHOLE_MINUTES = 2


def main() -> int:
    given = arguments().parse_args()
    try:
        database = Database()
        database.create()
    except NoDatabase as error:
        print(error)
        return 1
    # Ended from outside is ended: the way out is the one of Ctrl-C.
    signal.signal(signal.SIGTERM, interrupt)
    logs = Path(tempfile.mkdtemp(prefix="soak-"))
    scene = Scene(database, logs, given.seed)
    try:
        scene.start()
        violations = soak(scene, given)
    except KeyboardInterrupt:
        violations = ["It was stopped."]
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        scene.close()
        if not given.keep:
            database.drop()
    print("0 violations" if not violations else f"{len(violations)} VIOLATIONS")
    for violation in violations:
        print(f"  {violation}")
    if violations:
        print(f"The logs are in {logs}")
    else:
        shutil.rmtree(logs)
    return bool(violations)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def soak(scene: Scene, given: argparse.Namespace) -> list[str]:
    """Burn, heal, compare; returns what was wrong."""
    harmony, watch, cron = Harmony(scene), Watch(scene), Cron(scene)
    crowd = Crowd(
        scene.origin, (scene.standin_url, scene.keys["pk"]), scene.counts, scene.seed
    )
    chaos = Chaos(scene)
    for thread in (watch, cron, chaos):
        thread.start()
    crowd.start(given.shoppers)
    burn(scene, given.minutes * 60)
    crowd.send_home()
    cron.kills = False
    chaos.heal()
    print("Everything heals", flush=True)
    took, discord = harmony.wait(BOUND_SECONDS)
    crowd.join(5)
    watch.close()
    cron.close()
    report.doors(scene)
    print("\n".join(report.lines(scene, given.minutes, took)), flush=True)
    return [*verdict(scene, given.minutes), *discord]


def burn(scene: Scene, seconds: float) -> None:
    """Let it all go on, with a line every few seconds."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(5, left))
        found, counts = report.numbers(scene), scene.counts
        print(
            f"{max(0, until - time.monotonic()):4.0f} s left"
            f"  orders {found['orders']}  paid {found['paid']}"
            f"  kills {counts.sum('killed')}"
            f"  faults {report.struck(scene) + report.faults(counts)}"
            f"  violations {len(counts.violations)}",
            flush=True,
        )


def verdict(scene: Scene, minutes: float) -> list[str]:
    """Everything but what is out of tune."""
    found = [*scene.counts.violations, *report.leaks(scene)]
    found += report.unexcused(scene.logs)
    if minutes >= WHOLE_MINUTES:
        missing = scene.counts.missing(required())
        found += [f"never happened, so that nothing is shown: {n}" for n in missing]
    return found


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--shoppers", type=int, default=8)
    parser.add_argument("--keep", action="store_true", help="do not drop the database")
    return parser


if __name__ == "__main__":
    sys.exit(main())
