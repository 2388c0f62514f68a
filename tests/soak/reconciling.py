"""The reconciler as cron would start it, and sometimes killed in the middle."""

import threading
import time
from random import Random

from .programs import Program
from .scene import Scene

PAUSE_SECONDS = 10
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
        program, began = self.scene.reconcile(number).start(), time.monotonic()
        is_doomed = self.kills and number % 3 == 1
        doom = self.dice.uniform(1, 4)
        while program.is_running:
            took = time.monotonic() - began
            if self.stopping.is_set():
                program.kill()
            elif is_doomed and self.kills and took > doom:
                self._kill(program)
            elif took > PATIENCE_SECONDS:
                program.kill()
                words = f"The reconciler ran for {PATIENCE_SECONDS} s."
                self.scene.counts.violate(words)
            time.sleep(0.1)
        code = program.process.returncode
        if code >= 0:
            self.scene.counts.add(f"reconciled: with {code}")

    def _kill(self, program: Program) -> None:
        if program.kill():
            self.scene.counts.add("killed: reconciler")
