"""Staff: money back and orders cancelled, by the app's own functions.

A process of its own, behind the same doors as the app, killed as the app is:
``python -m tests.soak.staff SEED``.
"""

import sys
import threading
import time
import traceback
import uuid
from datetime import timedelta
from random import Random

# Each call is one refund, however often the database forgets to say so.
SIGN = "soak-"


def main(seed: str) -> None:
    import django

    django.setup()
    for number in range(2):
        dice = Random(f"{seed} staff {number} {time.time_ns()}")
        threading.Thread(target=work, args=[dice], daemon=True).start()
    threading.Event().wait()


def work(dice: Random) -> None:
    from django.db import DatabaseError, close_old_connections

    from htmx_checkout.exceptions import CheckoutError

    while True:
        time.sleep(dice.uniform(0.5, 3))
        close_old_connections()
        try:
            dice.choice((pay_back, pay_back, cancel))(dice)
        except (CheckoutError, DatabaseError) as error:
            print(type(error).__name__, flush=True)
        except Exception:
            traceback.print_exc()
            print("STAFF STUMBLED", flush=True)


def pay_back(dice: Random) -> None:
    """All or a part of one of the latest payments, whoever else is at it."""
    from htmx_checkout.models import Payment
    from htmx_checkout.payments import refund

    latest = Payment.objects.filter(status="succeeded", order__status="paid")
    payment = dice.choice([None, *latest.order_by("-pk")[:20]])
    if payment is None or payment.left <= 0:
        return
    # A step of a hundred is right in every currency that the shop takes.
    part = dice.randint(1, 5) * 100
    amount = None if dice.random() < 0.3 else part
    refund.refund(payment, amount, wanted_by=f"{SIGN}{uuid.uuid4().hex[:16]}")


def cancel(dice: Random) -> None:
    """An order that waits, while its shopper may be paying."""
    from django.utils import timezone

    from htmx_checkout.models import Order
    from htmx_checkout.payments import cancel

    moment = timezone.now() - timedelta(seconds=dice.uniform(0, 20))
    order = Order.objects.filter(status="open", created_at__lt=moment).last()
    if order is not None:
        cancel.cancel(order)


if __name__ == "__main__":
    main(sys.argv[1])
