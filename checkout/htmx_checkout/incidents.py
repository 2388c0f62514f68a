"""Exceptions: opened with the fact, told as an effect is, closed with a reason."""

import logging
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils import timezone

from . import audit, outbox
from .models import HOLDING, Incident
from .money import Money
from .signals import incident_opened

logger = logging.getLogger(__name__)
Kind = Incident.Kind


def report(
    kind: Kind, subject: str, detail: str, money: Money | None = None, **facts: Any
) -> Incident:
    """Open an exception, once, and have somebody told.

    Call inside the transaction that makes it true. ``facts`` are other fields of
    the row: order, payment, livemode. One that was closed stays closed.
    """
    if money is not None:
        facts |= {"amount": money.amount, "currency": money.currency}
    exception, is_new = Incident.objects.get_or_create(
        kind=kind, subject=subject, defaults={"detail": detail[:255], **facts}
    )
    if is_new:
        order = exception.order
        outbox.add(
            outbox.INCIDENT_OPENED, f"{kind}:{subject}"[:255], exception.pk, order
        )
        _note(exception, "", "open", detail)
    return exception


def close(exception: Incident, resolution: str, by: str = "") -> bool:
    """Close an exception, once; returns False if it was closed already.

    ``by`` is a person's name, empty for what resolved itself. Call inside a
    transaction. A reason is a must: the database refuses an empty one.
    """
    now = timezone.now()
    open_ = Incident.objects.filter(pk=exception.pk, closed_at__isnull=True)
    facts = {"closed_at": now, "closed_by": by, "resolution": resolution[:255]}
    if not open_.update(**facts):
        return False
    _note(exception, "open", "closed", resolution)
    return True


def close_all(found: "QuerySet[Incident]", resolution: str) -> int:
    """Close those of ``found`` that are open; returns how many that were."""
    open_ = found.filter(closed_at__isnull=True)
    return sum(close(exception, resolution) for exception in open_)


def _note(exception: Incident, before: str, after: str, note: str) -> None:
    audit.note(
        "exception",
        before,
        after,
        order=exception.order,
        payment=exception.payment,
        subject=f"{exception.kind}:{exception.subject}"[:255],
        amount=exception.amount,
        currency=exception.currency,
        note=note[:255],
    )


@receiver(incident_opened)
def log(exception: Incident, **kwargs: Any) -> None:
    """An error in the log is what ``ADMINS`` get by mail."""
    trouble = "Money without an order" if exception.kind in HOLDING else "Trouble"
    kind, subject = exception.kind, exception.subject
    logger.error("%s: %s, %s, %s", trouble, kind, subject, exception.detail)
