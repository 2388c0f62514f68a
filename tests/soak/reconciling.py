"""The reconciler as cron would start it, and sometimes killed in the middle."""

import threading
import time
from random import Random

from .scene import Scene

PAUSE_SECONDS = 12
# A run that takes longer than this hangs.
PATIENCE_SECONDS = 90


class Cron(threading.Thread):
    """Starts one run after the other; kills some while ``kills`` is set."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(daemon=True)
        self.scene, self.dice = scene, Random(f"{scene.seed} cron")
        self.kills, self.stopping = True, threading.Event()

    def run(self) -> None:
        number = 0
        while not self.stopping.wait(
            PAUSE_SECONDS if self.kills else PAUSE_SECONDS / 2
        ):
            number += 1
            self._run_once(number)

    def close(self) -> None:
        self.stopping.set()
        self.join()

    def _run_once(self, number: int) -> None:
        program = self.scene.reconcile(number).start()
        is_doomed = self.kills and self.dice.random() < 0.4
        after = self.dice.uniform(1, 4) if is_doomed else PATIENCE_SECONDS
        until = time.monotonic() + after
        while program.is_running and time.monotonic() < until:
            if self.stopping.is_set():
                program.kill()
                return
            time.sleep(0.1)
        if not program.kill():
            self.scene.counts.add(f"reconciled: with {program.process.returncode}")
        elif is_doomed:
            self.scene.counts.add("killed: reconciler")
        else:
            self.scene.counts.violate(f"The reconciler ran for {PATIENCE_SECONDS} s.")
