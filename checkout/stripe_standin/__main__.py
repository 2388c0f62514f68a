"""``python -m stripe_standin``: run the stand-in until Ctrl-C."""

import argparse
import os
import sys
import threading

from .protocol import keys, versions
from .protocol.versions import LATEST
from .shell.server import serve

LIVE = "The stand-in never runs beside a live Stripe key. Unset it, or use a test key."


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
    url = server.base_url
    sys.stdout.write(f"Stand-in for Stripe: {url} (desk: {url}/desk)\n")
    sys.stdout.write("No money moves here.\n")
    sys.stdout.flush()
    with server:
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


def version(name: str) -> str:
    if not versions.known(name):
        raise argparse.ArgumentTypeError(f"{name} is no version of Stripe's API")
    return name


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "stripe_standin", description="A stand-in for Stripe."
    )
    port = int(os.environ.get("STANDIN_PORT") or 12111)
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--webhook", default="", metavar="URL")
    parser.add_argument("--webhook-secret", default="", metavar="whsec_…")
    parser.add_argument("--seed", help="draw ids from this seed")
    parser.add_argument("--api-version", type=version, default=LATEST)
    return parser


if __name__ == "__main__":
    sys.exit(main())
