"""Fifty impatient clicks of one shopper at once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection, connections
from django.test import Client

from bench.figure import Figure
from htmx_checkout.models import Order
from stripe_standin.shell.server import Server
from tests.support.cast import open_payment, shopper

CLICKS = 50


def measure(standin: Server) -> Iterator[Figure]:
    """Orders and intents that fifty POSTs of one session leave behind."""
    ada, barrier = shopper(), Barrier(CLICKS)

    def click(_number: int) -> float:
        tab = Client()
        tab.cookies = ada.cookies
        barrier.wait(timeout=60)
        began = time.perf_counter()
        assert open_payment(tab).status_code == 200
        connections.close_all()
        return time.perf_counter() - began

    with ThreadPoolExecutor(CLICKS) as pool:
        seconds = sorted(pool.map(click, range(CLICKS)))
    intents = len(list(standin.engine.store.newest("payment_intent")))
    where = connection.vendor
    yield Figure(
        f"{CLICKS} POSTs at once ({where}): orders", Order.objects.count(), "orders", 1
    )
    yield Figure(f"{CLICKS} POSTs at once ({where}): intents", intents, "intents", 1)
    yield Figure("  the median of them", seconds[CLICKS // 2] * 1000, "ms")
    yield Figure("  the slowest of them", seconds[-1] * 1000, "ms")
