"""``python -m stripe_standin``: run the stand-in until Ctrl-C."""

import argparse
import contextlib
import os
import sys
import threading
from typing import Any

from .protocol import keys, versions
from .protocol.versions import LATEST
from .shell.server import Server, serve

LIVE = "The stand-in never runs beside a live Stripe key. Unset it, or use a test key."
GREETING = """\
Stand-in for Stripe: {url} (desk: {url}/desk)
No money moves here.
"""


def main(argv: list[str] | None = None) -> int:
    """Serve until interrupted. Returns the exit code."""
    given = arguments().parse_args(argv)
    if any(keys.is_live(value) for value in os.environ.values()):
        sys.stderr.write(LIVE + "\n")
        return 1
    try:
        server = serve(
            given.port,
            webhook_url=given.webhook,
            webhook_secret=given.webhook_secret,
            seed=given.seed,
            api_version=given.api_version,
        )
    except OSError as error:
        message = f"Port {given.port} is not free: {error.strerror}.\n"
        sys.stderr.write(message)
        return 1
    run(server)
    return 0


def run(server: Server) -> None:
    """Say where ``server`` listens, wait for Ctrl-C, and close it."""
    sys.stdout.write(GREETING.format(url=server.base_url))
    sys.stdout.flush()
    with server, contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()


def version(name: str) -> str:
    if not versions.known(name):
        raise argparse.ArgumentTypeError(f"{name} is no version of Stripe's API")
    return name


DESCRIPTION = (
    "Play Stripe on this machine until Ctrl-C: the API, Stripe.js, the banks' pages "
    "and signed webhooks. No money moves. What it holds is in memory and is gone when "
    "it ends."
)
EPILOG = "It never starts while an environment variable holds a live Stripe key."
OPTIONS: dict[str, dict[str, Any]] = {
    "--port": {
        "type": int,
        "help": "port on 127.0.0.1, 0 for any free one (default: STANDIN_PORT in the "
        "environment, else 12111)",
    },
    "--webhook": {
        "metavar": "URL",
        "default": "",
        "help": "where to post every event (default: nowhere)",
    },
    "--webhook-secret": {
        "metavar": "whsec_…",
        "default": "",
        "help": "sign those events with this secret (default: one that is not shown)",
    },
    "--seed": {"help": "draw ids from this seed (default: ids cannot be guessed)"},
    "--api-version": {
        "metavar": "VERSION",
        "type": version,
        "default": LATEST,
        "help": "the account's version of the API (default: %(default)s)",
    },
}


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m stripe_standin", description=DESCRIPTION, epilog=EPILOG
    )
    for name, option in OPTIONS.items():
        parser.add_argument(name, **option)
    # argparse reads a default that is text as if it had been typed.
    parser.set_defaults(port=os.environ.get("STANDIN_PORT") or "12111")
    return parser


if __name__ == "__main__":
    sys.exit(main())
