"""Processes: started, killed and started again, each by its own number."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .proxy import HOST

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 20


class Program:
    """One process of ours in a group of its own, so that it can be ended whole."""

    def __init__(
        self, name: str, argv: list[str], env: dict[str, str], logs: Path, port: int = 0
    ) -> None:
        self.name, self.argv, self.env, self.port = name, argv, env, port
        self.log = logs / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Program":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def children(self) -> list[int]:
        """The numbers of its own processes, a server's workers."""
        if not self.is_running:
            return []
        pid = self.process.pid
        with suppress(OSError):
            found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
            return [int(child) for child in found.split()]
        return []

    def kill(self) -> bool:
        """SIGKILL the whole group; False if it had ended already."""
        if not self.is_running:
            return False
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return True

    def kill_child(self) -> bool:
        """SIGKILL one worker under its master, which starts another."""
        for child in self.children[:1]:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
                return True
        return False

    def stop(self, seconds: float = 8) -> None:
        """Ask it to end, and make it."""
        if not self.is_running:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait_for_port(self) -> None:
        """Raises ``RuntimeError`` with its last words if nobody listens in time."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.is_running:
            with suppress(OSError):
                socket.create_connection((HOST, self.port), timeout=1).close()
                return
            time.sleep(0.05)
        said = self.log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{self.name} does not listen:\n{said}")


class Keeper(threading.Thread):
    """Starts again whatever has ended, as a service manager does."""

    def __init__(self, programs: list[Program], ended: Callable[[str], None]) -> None:
        super().__init__(daemon=True)
        self.programs, self.ended = programs, ended
        self.stopping = threading.Event()
        # Held while somebody kills on purpose, so that it is not told as an end.
        self.lock = threading.Lock()

    def run(self) -> None:
        while not self.stopping.wait(0.3):
            with self.lock:
                for program in self.programs:
                    if not program.is_running:
                        self.ended(program.name.rstrip("0123456789"))
                        program.start()

    def kill(self, program: Program) -> bool:
        """Kill and start again at once; False if there was nothing to kill."""
        with self.lock:
            killed = program.kill()
            program.start()
        return killed

    def close(self) -> None:
        self.stopping.set()
        self.join()
        for program in self.programs:
            program.stop()


def free_port() -> int:
    """A port that is free now; whoever binds it next has it."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
