"""Work for later, handed to Django's tasks framework.

Which queue that is, the host's ``TASKS`` says. One that lives in this database
(django-tasks-db) takes the task in the caller's transaction: both are kept or
neither. Any other one gets it after the commit, and what is lost in between the
reconciler finds. Django's own default runs it at once, in this process.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.tasks import task_backends
from django.tasks.backends.immediate import ImmediateBackend
from django.utils import timezone
from django.utils.module_loading import import_string

DELIVER_MESSAGE = "htmx_checkout.tasks.deliver_message"
SEND_REFUND = "htmx_checkout.tasks.send_refund"


def is_durable() -> bool:
    """True if tasks are rows of this database, and wait for a worker."""
    return type(task_backends["default"]).__module__.startswith("django_tasks_db")


def enqueue(name: str, *args: Any, after: timedelta | None = None) -> None:
    """Have the task of that name run with ``args``, once ``after`` has passed.

    By name, since what a task does stands on higher stairs than who wants it.
    Where the queue can only run things at once, what is to wait is left to the
    reconciler.
    """
    if is_durable():
        _hand_over(name, args, after)
    elif after is None or not isinstance(task_backends["default"], ImmediateBackend):
        # Robust: what fails here must not look like a failure of the
        # transaction before, which is committed.
        work = partial(_hand_over, name, args, after)
        transaction.on_commit(work, robust=True)


def _hand_over(name: str, args: tuple[Any, ...], after: timedelta | None) -> None:
    job = import_string(name)
    if after is not None and task_backends["default"].supports_defer:
        job = job.using(run_after=timezone.now() + after)
    job.enqueue(*args)
