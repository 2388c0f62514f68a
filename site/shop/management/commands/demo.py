"""The shop, its worker and the stand-in for Stripe, together for a person to try."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from stripe_standin.shell.server import serve

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30

# Stripe's own test cards: https://docs.stripe.com/testing
CARDS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 9995", "is declined: insufficient funds"),
    ("4000 0027 6000 3184", "asks for 3D Secure"),
    ("4000 0000 0000 0002", "is declined, without a reason"),
)


WELCOME = """
  Shop            {shop}
{stripe}
  Test cards, with any date to come and any CVC:
{cards}

  Ctrl-C ends it.
"""
STANDIN = """\
  Stand-in desk   http://{host}:{s.STANDIN_PORT}/desk

  Stripe is played by a stand-in on this machine: no money moves.
"""
STRIPE = """
  Your own Stripe test keys are set, so this talks to Stripe, without a stand-in.
  To have events sent here: stripe listen --forward-to {host}:{s.PORT}/checkout/webhook/
"""


class Command(BaseCommand):
    help = "Start the shop, a worker, and the stand-in unless real keys are set."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo needs DEBUG=on. `make demo` sets it.")
        # SIGINT too: a shell starts what it puts in the background deaf to it.
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
            with suppress(AttributeError):
                signal.signal(getattr(signal, name), _interrupt)
        try:
            with ExitStack() as running:
                self.start(running)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")

    def start(self, running: ExitStack) -> None:
        """Start everything on ``running``, which ends it again; then wait."""
        _refuse_busy_ports()
        call_command("migrate", verbosity=0, stdout=self.stdout)
        connections.close_all()
        if settings.STRIPE.are_standin:
            standin = serve(
                port=settings.STANDIN_PORT,
                webhook_url=f"{_shop_url()}checkout/webhook/",
                webhook_secret=settings.STRIPE.webhook_secrets[0],
            )
            running.callback(standin.close)
        shop = _start("runserver", f"{HOST}:{settings.PORT}")
        running.callback(_end, shop)
        # What follows from a payment (a parcel, a refund) is done by a worker.
        running.callback(_end, _start("db_worker", "--interval=0.5"))
        _wait_until_it_answers(shop)
        self.stdout.write(_welcome())
        # Into a pipe or a file nothing is written until there is a lot of it.
        self.stdout.flush()
        raise CommandError(f"The shop ended by itself with {shop.wait()}.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    # Ended from outside is ended: the way out is the one of Ctrl-C.
    raise KeyboardInterrupt


def _shop_url() -> str:
    return f"http://{HOST}:{settings.PORT}/"


def _refuse_busy_ports() -> None:
    ports = {"PORT": settings.PORT}
    if settings.STRIPE.are_standin:
        ports["STANDIN_PORT"] = settings.STANDIN_PORT
    if len({*ports.values()}) < len(ports):
        raise CommandError(
            f"PORT and STANDIN_PORT are both {settings.PORT}. Choose two."
        )
    for name, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError) as error:
                raise CommandError(
                    f"Port {port} cannot be used ({error}). Stop what runs there, or "
                    f"choose another: make demo {name}={port % 60000 + 1}"
                ) from error


def _start(*command: str) -> subprocess.Popen[bytes]:
    # A process of its own and Django's own command: its reloader is what shows an
    # edited template at the next click, and survives a typo in Python.
    manage = Path(sys.argv[0]).resolve()
    return subprocess.Popen(
        [sys.executable, manage, *command],
        env={**os.environ, "DJANGO_RUNSERVER_HIDE_WARNING": "true"},
    )


def _end(started: subprocess.Popen[bytes]) -> None:
    # A second Ctrl-C must not cut this short.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    started.terminate()
    try:
        started.wait(timeout=5)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()


def _wait_until_it_answers(shop: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if shop.poll() is not None:
            raise CommandError(f"The shop did not start: it ended with {shop.poll()}.")
        with suppress(OSError):
            asked = http.client.HTTPConnection(HOST, settings.PORT, PATIENCE_SECONDS)
            asked.request("GET", "/")
            asked.getresponse().read()
            return
        time.sleep(0.1)
    raise CommandError(f"The shop did not answer within {PATIENCE_SECONDS} seconds.")


def _welcome() -> str:
    what_is_stripe = STANDIN if settings.STRIPE.are_standin else STRIPE
    cards = "\n".join(f"    {number}   {outcome}" for number, outcome in CARDS)
    return WELCOME.format(
        shop=_shop_url(),
        stripe=what_is_stripe.format(host=HOST, s=settings),
        cards=cards,
    )
