"""Incidents: opened once, signalled to the host, closed with a reason."""

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

# The fields that the audit log copies from an incident.
OF_INCIDENT = ("order", "payment", "amount", "currency")
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
    """Open the incident of this kind about this subject, with its outbox message.

    Call inside the transaction that makes it true. Safe to repeat: an incident that
    exists, open or closed, is returned unchanged. If not given, ``order`` and
    ``money`` are those of ``payment``, and ``livemode`` is the order's.
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
        outbox.add(outbox.Name.INCIDENT_OPENED, name, incident.pk, incident.order)
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
    """Close the incidents about ``row`` being parked; returns how many were open."""
    found = Incident.objects.filter(kind=PARKED[type(row)])
    return close_all(found.filter(subject__startswith=_parked_subject(row)), resolution)


def _note(incident: Incident, before: str, after: str, note: str) -> None:
    about = {name: getattr(incident, name) for name in OF_INCIDENT}
    subject = f"{incident.kind}:{incident.subject}"[:255]
    audit.note("incident", before, after, subject=subject, note=note[:255], **about)


def _parked_subject(row: Retried) -> str:
    return f"{row.key[:220]}:"


@receiver(parked)
def report_parked(row: Any, **kwargs: Any) -> None:
    """Report a row that was parked, in the transaction that parks it."""
    # No incident about an incident's own message, which could go on without end.
    if isinstance(row, OutboxMessage) and row.name == outbox.Name.INCIDENT_OPENED:
        return
    # With the time, so that a row that is parked again is reported again.
    subject = f"{_parked_subject(row)}{row.parked_at.isoformat()}"
    detail = f"{row} was parked after {row.tries} tries: {row.error}"
    # A message may have an order; an event has its own mode.
    order, livemode = getattr(row, "order", None), getattr(row, "livemode", None)
    report(PARKED[type(row)], subject, detail, order=order, livemode=livemode)


@receiver(incident_opened)
def log(incident: Incident, **kwargs: Any) -> None:
    """Log an incident as an error, which Django mails to ``ADMINS``."""
    trouble = "Money without an order" if incident.kind in HOLDING else "Trouble"
    kind, subject = incident.kind, incident.subject
    logger.error("%s: %s, %s, %s", trouble, kind, subject, incident.detail)
