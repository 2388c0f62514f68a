"""The rows of an order's timeline."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise

from ..models import WebhookEvent
from ..money import Money
from .words import CAUSES, WHAT

# The order of rows of one moment: first what came, then what it has changed, then
# what follows.
ORDER, REQUEST, EVENT, CHANGE, OUTCOME, AFTER = range(6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that happened, or will happen.

    ``cause`` is what did it, ``caused_by`` an event's id or a person's name,
    ``request_id`` Stripe's id of the answer that it follows from. Rows of one moment
    are sorted by ``rank``.
    """

    at: datetime
    what: str
    text: str
    rank: int = CHANGE
    cause: str = ""
    caused_by: str = ""
    request_id: str = ""
    amount: Money | None = None

    @property
    def clock(self) -> str:
        return clock(self.at)

    @property
    def noun(self) -> str | Promise:
        return WHAT.get(self.what, self.what)

    @property
    def who(self) -> str | Promise:
        return CAUSES.get(self.cause, self.cause)

    @property
    def is_to_come(self) -> bool:
        return self.at > timezone.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """What made an order paid, and which events came later and changed nothing."""

    winner: Row
    late: list[tuple[WebhookEvent, timedelta]]


def clock(at: datetime) -> str:
    """A local time to the millisecond: that is how close two causes can be."""
    return timezone.localtime(at).isoformat(" ", "milliseconds")[:23]
