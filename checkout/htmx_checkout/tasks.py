"""The tasks that workers run; ``core.task_queue`` knows them by name."""

import logging

from django.tasks import task

from . import audit
from .exceptions import CheckoutError
from .outbox import deliver
from .payments import refund

logger = logging.getLogger(__name__)


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
            refund.send(pk)
        except CheckoutError as error:
            logger.warning("Refund %s is left for later: %s", pk, error)
