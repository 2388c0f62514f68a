"""What workers do; ``queue`` knows these by name."""

from django.tasks import task

from . import delivery, history, refunds
from .exceptions import CheckoutError, GatewayError


@task()
def deliver_effect(pk: int) -> None:
    """Tell the host's receivers about one effect. Safe to run twice."""
    delivery.deliver(pk)


@task()
def carry_out_refund(pk: int) -> None:
    """Ask Stripe for a refund that is planned. Safe to run twice.

    Stripe's silence is no failure of the task: the refund stays planned, and the
    reconciler repeats it with the same key.
    """
    with history.by("worker"):
        try:
            refunds.carry_out(pk)
        except (GatewayError, CheckoutError) as error:
            refunds.logger.warning("Refund %s is left for later: %s", pk, error)
