"""What workers do; ``queue`` knows these by name."""

from django.tasks import task

from . import audit
from .exceptions import CheckoutError, GatewayError
from .outbox import deliver
from .refunds import plan


@task()
def deliver_message(pk: int) -> None:
    """Tell the host's receivers about one effect. Safe to run twice."""
    deliver.deliver(pk)


@task()
def send_refund(pk: int) -> None:
    """Ask Stripe for a refund that is planned. Safe to run twice.

    Stripe's silence is no failure of the task: the refund stays planned, and the
    reconciler repeats it with the same key.
    """
    with audit.by("worker"):
        try:
            plan.send(pk)
        except (GatewayError, CheckoutError) as error:
            plan.logger.warning("Refund %s is left for later: %s", pk, error)
