"""Hands work to Django's tasks framework.

The host's setting ``TASKS`` says which queue that is. A queue in the same database
(django-tasks-db) gets the task in the caller's transaction: both are stored or
neither. Any other queue gets it after the commit; a task that is lost in between is
found by the reconciler. Django's default runs it at once, in this process.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.tasks import DEFAULT_TASK_QUEUE_NAME, task_backends
from django.tasks.backends.immediate import ImmediateBackend
from django.tasks.exceptions import InvalidTaskBackend
from django.utils import timezone
from django.utils.module_loading import import_string

DELIVER_MESSAGE = "htmx_checkout.tasks.deliver_message"
SEND_REFUND = "htmx_checkout.tasks.send_refund"


def accepts_tasks() -> bool:
    """True if ``TASKS`` has a default backend whose default queue is open."""
    try:
        queues = task_backends["default"].queues
    except InvalidTaskBackend:
        return False
    return not queues or DEFAULT_TASK_QUEUE_NAME in queues


def is_durable() -> bool:
    """True if tasks are rows of the same database, and wait for a worker."""
    return type(task_backends["default"]).__module__.startswith("django_tasks_db")


def enqueue(name: str, *args: Any, after: timedelta | None = None) -> None:
    """Enqueue the task of that dotted name with ``args``, to run after ``after``.

    By name, since the tasks are in a layer above the callers. A queue that can only
    run tasks at once gets no task that has to wait: the reconciler does its work.
    """
    if is_durable():
        _hand_over(name, args, after)
    elif after is None or not isinstance(task_backends["default"], ImmediateBackend):
        # Robust: an error here must not look like a failure of the transaction
        # before, which is committed.
        work = partial(_hand_over, name, args, after)
        transaction.on_commit(work, robust=True)


def _hand_over(name: str, args: tuple[Any, ...], after: timedelta | None) -> None:
    job = import_string(name)
    if after is not None and task_backends["default"].supports_defer:
        job = job.using(run_after=timezone.now() + after)
    job.enqueue(*args)
