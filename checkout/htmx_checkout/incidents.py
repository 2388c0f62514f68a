"""Incidents: what a person has to look at. Opened once, told, closed with a reason."""

import logging
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils import timezone

from . import audit, outbox
from .conf import conf
from .models import HOLDING, Incident, Order, OutboxMessage, Payment, WebhookEvent
from .models.retried import Retried, parked
from .money import Money
from .signals import incident_opened

logger = logging.getLogger(__name__)
Kind = Incident.Kind

PARKED: dict[type[Retried], Kind] = {
    OutboxMessage: Kind.PARKED_MESSAGE,
    WebhookEvent: Kind.PARKED_EVENT,
}


def report(
    kind: Kind,
    subject: str,
    detail: str,
    money: Money | None = None,
    *,
    order: Order | None = None,
    payment: Payment | None = None,
    livemode: bool | None = None,
) -> Incident:
    """Open the incident of this kind about this subject, and stage that it is told.

    Call inside the transaction that makes it true. Safe to repeat: an incident that
    is there already, open or closed, is returned unchanged. ``money`` is what
    ``payment`` has received and ``livemode`` is the order's, if not given.
    """
    if order is None and payment is not None:
        order = payment.order
    if money is None and payment is not None and payment.amount_received:
        money = payment.received
    if livemode is None:
        livemode = conf().livemode if order is None else order.livemode
    fields: dict[str, Any] = {"order": order, "payment": payment, "livemode": livemode}
    if money is not None:
        fields |= {"amount": money.amount, "currency": money.currency}
    incident, is_new = Incident.objects.get_or_create(
        kind=kind, subject=subject, defaults={"detail": detail[:255], **fields}
    )
    if is_new:
        name = f"{kind}:{subject}"[:255]
        outbox.add(outbox.INCIDENT_OPENED, name, incident.pk, incident.order)
        _note(incident, "", "open", detail)
    return incident


def close(incident: Incident, resolution: str, by: str = "") -> bool:
    """Close an incident, once; returns False if it was closed already.

    ``by`` is a person's name, empty if no person closed it. ``resolution`` must not
    be empty: the database refuses that. Call inside a transaction.
    """
    now = timezone.now()
    open_ = Incident.objects.filter(pk=incident.pk, closed_at__isnull=True)
    fields = {"closed_at": now, "closed_by": by, "resolution": resolution[:255]}
    if not open_.update(**fields):
        return False
    _note(incident, "open", "closed", resolution)
    return True


def close_all(found: "QuerySet[Incident]", resolution: str) -> int:
    """Close those of ``found`` that are open; returns how many that were."""
    open_ = found.filter(closed_at__isnull=True)
    return sum(close(incident, resolution) for incident in open_)


def close_parked(row: Retried, resolution: str) -> int:
    """Close what was reported each time that ``row`` was parked; returns how many."""
    told = Incident.objects.filter(kind=PARKED[type(row)])
    return close_all(told.filter(subject__startswith=_parked_subject(row)), resolution)


def _note(incident: Incident, before: str, after: str, note: str) -> None:
    audit.note(
        "incident",
        before,
        after,
        order=incident.order,
        payment=incident.payment,
        subject=f"{incident.kind}:{incident.subject}"[:255],
        amount=incident.amount,
        currency=incident.currency,
        note=note[:255],
    )


def _parked_subject(row: Retried) -> str:
    return f"{row.key[:220]}:"


@receiver(parked)
def report_parked(row: Any, **kwargs: Any) -> None:
    """Report a row that was parked, in the transaction that parks it."""
    # An incident that cannot be told is not reported by another incident.
    if isinstance(row, OutboxMessage) and row.name == outbox.INCIDENT_OPENED:
        return
    # With the time: a row that is parked once more is reported once more.
    subject = f"{_parked_subject(row)}{row.parked_at.isoformat()}"
    detail = f"{row} was parked after {row.tries} tries: {row.error}"
    # A message is about an order, an event has a mode of its own.
    order, livemode = getattr(row, "order", None), getattr(row, "livemode", None)
    report(PARKED[type(row)], subject, detail, order=order, livemode=livemode)


@receiver(incident_opened)
def log(incident: Incident, **kwargs: Any) -> None:
    """Log an incident as an error, which Django mails to ``ADMINS``."""
    trouble = "Money without an order" if incident.kind in HOLDING else "Trouble"
    kind, subject = incident.kind, incident.subject
    logger.error("%s: %s, %s, %s", trouble, kind, subject, incident.detail)
