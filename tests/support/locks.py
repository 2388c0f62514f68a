"""Another request that holds a lock, so that a test sees who waits for it."""

from contextlib import contextmanager
from threading import Event as Flag
from threading import Thread
from time import sleep

from django.db import connections, transaction

from htmx_checkout.models import Order, OutboxMessage, Payment

HELD_SECONDS = 0.6


@contextmanager
def holding(work):
    """Another request, which does ``work`` and holds its locks for a while.

    Yields what happens, in order, and the function that begins it.
    """
    done, held = [], Flag()

    def hold():
        try:
            with transaction.atomic():
                work()
                held.set()
                sleep(HELD_SECONDS)
                done.extend(Payment.objects.values_list("status", flat=True))
                done.append("released")
        finally:
            connections.close_all()

    def start():
        thread.start()
        assert held.wait(10)

    thread = Thread(target=hold)
    try:
        yield done, start
    finally:
        thread.join()


def lock_order():
    Order.objects.select_for_update().get()


def lock_message():
    OutboxMessage.objects.select_for_update().get()
