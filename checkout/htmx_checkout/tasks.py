"""The tasks that workers run; ``outbox.queue`` knows them by name."""

from django.tasks import task

from . import audit
from .exceptions import CheckoutError, GatewayError
from .outbox import deliver
from .refunds import plan


@task()
def deliver_message(pk: int) -> None:
    """Call the host's receivers of one outbox message. Safe to run twice."""
    deliver.deliver(pk)


@task()
def send_refund(pk: int) -> None:
    """Ask Stripe for a refund that is planned. Safe to run twice.

    The task does not fail when Stripe does not answer: the refund stays planned,
    and the reconciler sends it again with the same key.
    """
    with audit.by("worker"):
        try:
            plan.send(pk)
        except (GatewayError, CheckoutError) as error:
            plan.logger.warning("Refund %s is left for later: %s", pk, error)
