"""``python -m tests.simulation``: play histories, and say what they have met.

Exits with 1 when a history is wrong, and when a fault never struck.
"""

import argparse
import os
import sys
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import Any

from tests.simulation import report, runner

# Below this many, chance alone may leave a fault out.
ENOUGH = 1000
CHUNK = 50


def main() -> int:
    given = _arguments()
    if given.replay:
        return _replay(given)
    if given.plant == "list":
        runner.set_up()
        from tests.simulation.plants import PLANTS

        print("\n".join(PLANTS))
        return 0
    return _many(given)


def _arguments() -> Any:
    parser = argparse.ArgumentParser("python -m tests.simulation", description=__doc__)
    parser.add_argument("--histories", type=int, default=10_000, metavar="N")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--replay", metavar="SEED:NUMBER", help="play one, and tell it")
    parser.add_argument("--skip", default="", help="steps to leave out of a replay")
    parser.add_argument("--plant", default="", help="a bug to plant; 'list' lists them")
    parser.add_argument("--keep-going", action="store_true", help="past a failure")
    return parser.parse_args()


def _replay(given: Any) -> int:
    seed, _, number = given.replay.rpartition(":")
    clock = runner.set_up(given.plant)
    from tests.simulation import story

    skip = frozenset(int(step) for step in given.skip.split(",") if step)
    told = story.play(seed, int(number), clock, skip)
    report.tell(told, skip, given.plant)
    return bool(told.wrong)


def _many(given: Any) -> int:
    results = report.Report(given)
    numbers = list(range(given.histories))
    chunks = (numbers[n : n + CHUNK] for n in range(0, len(numbers), CHUNK))
    with ProcessPoolExecutor(given.processes, get_context("spawn")) as pool:
        # As many as there are processes: what a pool has queued cannot be taken back,
        # and would be played after the first that is wrong.
        submit = partial(_submit, pool, given)
        running = {submit(part) for part in islice(chunks, given.processes)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                results.add(*future.result())
            if results.wrong and not given.keep_going:
                break
            running |= {submit(part) for part in islice(chunks, len(done))}
    return results.end(is_enough=given.histories >= ENOUGH)


def _submit(pool: Executor, given: Any, numbers: list[int]) -> Future[Any]:
    return pool.submit(runner.play, given.seed, numbers, given.plant)


if __name__ == "__main__":
    # The order of a set of strings must be the same in each process.
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(
            sys.executable, [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        )
    sys.exit(main())
