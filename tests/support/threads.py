"""Many requests at once, each in a thread with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections
from django.test import Client


def at_once(*calls):
    """Run all calls at the same moment; return their results or raise an error."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=30)
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def same_browser(client):
    """Another tab: a client of its own with the same cookies."""
    other = Client()
    other.cookies = client.cookies
    return other
