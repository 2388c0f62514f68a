"""Rows whose work is tried again until it is done, or parked for a person."""

from typing import Any, ClassVar, Self

from django.db import models
from django.dispatch import Signal
from django.utils import timezone

# Sent inside the transaction that parks ``row``, so that the incident about it is
# stored with it or not at all. Not for hosts: they get ``incident_opened``.
parked = Signal()


class RetriedQuerySet(models.QuerySet[Any]):
    """Rows of ``Retried``, by the state of their work."""

    def undone(self) -> Self:
        return self.filter(done_at__isnull=True)

    def waiting(self) -> Self:
        """Neither done nor parked: what may be tried."""
        return self.undone().filter(parked_at__isnull=True)

    def unpark(self, **fields: Any) -> int:
        """Count tries from zero again, for rows that are not done; returns how many.

        Safe to repeat. ``fields`` are set in the same statement.
        """
        return self.undone().update(parked_at=None, tries=0, **fields)


class Retried(models.Model):
    """A row whose work is tried again until it is done, or parked after ``MAX_TRIES``.

    The caller decides when it is tried next, and which failures count.
    """

    MAX_TRIES: ClassVar[int]

    # How often it failed, and the last error.
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=255, blank=True)
    done_at = models.DateTimeField(null=True)
    # It is not tried again until a person asks for it.
    parked_at = models.DateTimeField(null=True)

    objects = RetriedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        """The name that tells this row from all others of its table."""
        raise NotImplementedError

    @property
    def is_waiting(self) -> bool:
        return self.done_at is None and self.parked_at is None

    def succeed(self) -> None:
        """Note that the work is done. Not saved."""
        self.done_at, self.error = timezone.now(), ""

    def fail(self, error: str, *, counts: bool = True, is_last: bool = False) -> None:
        """Note a try that failed; park the row after ``MAX_TRIES``. Not saved.

        ``counts=False`` is for outages, which must not park anything; ``is_last``
        parks at once. Call inside the transaction that saves the row: the signal
        ``parked`` is sent here, and its receivers write to the database.
        """
        self.done_at, self.error = None, error[:255]
        self.tries += counts
        if is_last or self.tries >= self.MAX_TRIES:
            self.parked_at = timezone.now()
            parked.send(sender=type(self), row=self)
