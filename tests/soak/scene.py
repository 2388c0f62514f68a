"""Everything that runs in a soak, put up and taken down."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from .balancer import Balancer
from .counts import Counts
from .database import Database
from .programs import ROOT, Keeper, Program, free_port
from .proxy import HOST, Proxy, Reactor
from .stripe import Standin

WEBS, WORKERS, THREADS = 3, 2, 4
KINDS = ("sk", "pk")
# The root holds `tests`, whose settings every program runs with.
IMPORT_PATH = os.pathsep.join(map(str, (ROOT, ROOT / "checkout", ROOT / "site")))


class Scene:
    """Doors, processes and the ways to them.

    ``stripe`` and ``postgres`` are the app's doors, ``front`` the shop's. The
    keys are drawn anew, so that a log that holds one is known by it.
    """

    def __init__(self, database: Database, logs: Path, seed: str) -> None:
        self.database, self.logs, self.seed = database, logs, seed
        self.counts, self.reactor = Counts(), Reactor()
        standin_port = free_port()
        self.stripe = Proxy(self.reactor, lambda: [standin_port], f"{seed} stripe")
        self.postgres = Proxy(self.reactor, lambda: [database.port], f"{seed} postgres")
        self.front = Balancer(self.reactor, self._web_ports, f"{seed} front")
        self.origin = f"http://{HOST}:{self.front.port}"
        self.keys = {kind: f"{kind}_test_soak{secrets.token_hex(8)}" for kind in KINDS}
        self.webhook_secret = f"whsec_soak{secrets.token_hex(8)}"
        self.standin_url = f"http://{HOST}:{standin_port}"
        self.env = self._environment(database.through(self.postgres.port))
        command = self._standin(standin_port)
        self.standin = self._program("standin", *command, port=standin_port)
        self.webs = [self._web(number) for number in range(WEBS)]
        self.workers = [self._worker(number) for number in range(WORKERS)]
        self.staff = self._program("staff", "-m", "tests.soak.staff", seed)
        kept = [*self.webs, *self.workers, self.staff]
        self.keeper = Keeper(kept, lambda name: self.counts.add(f"ended: {name}"))

    def _web_ports(self) -> list[int]:
        return [web.port for web in self.webs]

    def start(self) -> None:
        """Raises ``RuntimeError`` with what a process said if it does not come up."""
        self._migrate()
        self.standin.start().wait_for_port()
        for program in self.keeper.programs:
            program.start()
        for web in self.webs:
            web.wait_for_port()
        self.keeper.start()

    def close(self) -> None:
        """End every process that was started, whatever state it is in."""
        if self.keeper.is_alive():
            self.keeper.close()
        for program in [*self.keeper.programs, self.standin]:
            program.kill()
        for door in (self.stripe, self.postgres, self.front):
            door.close()
        self.reactor.close()

    def desk(self) -> Standin:
        """A way to the stand-in past all doors; one for each thread."""
        return Standin(self.standin_url, self.keys["pk"])

    def reconcile(self, number: int) -> Program:
        """One run of the reconciler, as cron starts it."""
        return self._program(f"reconcile{number}", "manage.py", "checkout_reconcile")

    def _environment(self, database_url: str) -> dict[str, str]:
        """Nothing of the developer's own but where programs are."""
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ
        }
        return kept | {
            "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
            "ENV_FILE": os.devnull,
            "PYTHONPATH": IMPORT_PATH,
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": database_url,
            "SECRET_KEY": secrets.token_hex(30),
            "ALLOWED_HOSTS": HOST,
            "HTTPS": "off",
            "PUBLIC_ORIGIN": self.origin,
            "STRIPE_SECRET_KEY": self.keys["sk"],
            "STRIPE_PUBLISHABLE_KEY": self.keys["pk"],
            "STRIPE_WEBHOOK_SECRET": self.webhook_secret,
            "SOAK_STRIPE": f"http://{HOST}:{self.stripe.port}",
        }

    def _program(self, name: str, *arguments: str, port: int = 0) -> Program:
        argv = [sys.executable, *arguments]
        return Program(name, argv, self.env, self.logs, port)

    def _standin(self, port: int) -> list[str]:
        webhook = f"{self.origin}/checkout/webhook/"
        return [
            *("manage.py", "standin", "--port", str(port), "--seed", self.seed),
            *("--webhook", webhook, "--webhook-secret", self.webhook_secret),
        ]

    def _web(self, number: int) -> Program:
        port = free_port()
        server = ["-m", "gunicorn", "--chdir", "site", "project.wsgi"]
        server += ["--bind", f"{HOST}:{port}", "--threads", str(THREADS)]
        return self._program(f"web{number}", *server, port=port)

    def _worker(self, number: int) -> Program:
        command = ["manage.py", "db_worker", "--interval", "0.3"]
        return self._program(f"worker{number}", *command)

    def _migrate(self) -> None:
        direct = self.env | {"DATABASE_URL": self.database.url}
        command = ["manage.py", "migrate", "--run-syncdb", "--verbosity", "0"]
        subprocess.run([sys.executable, *command], cwd=ROOT, env=direct, check=True)
