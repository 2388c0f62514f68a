"""An order, and a queue in its database."""

import pytest

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def queue(settings):
    """The queue that a shop has: rows of the same database, and workers."""
    settings.TASKS = QUEUE


@pytest.fixture
def order(begun):
    return begun[1].order
