"""The checkout's state in numbers, for the host's monitoring."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .gateway import circuit_breaker
from .models import Incident, OutboxMessage, Payment, Refund, WebhookEvent
from .models.statuses import DEAD, PaymentStatus, RefundStatus
from .webhooks import refusals


@login_not_required  # A login page would tell a stranger that there is something.
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Counts and ages of what waits, as JSON. For staff; a 404 for everybody else.

    Each number comes from a partial index, so that it is fast in a shop of any age.
    """
    if not _is_staff(request):
        raise Http404
    return JsonResponse(numbers())


def _is_staff(request: HttpRequest) -> bool:
    # A host without django.contrib.auth has no users at all.
    user = getattr(request, "user", None)
    return user is not None and user.is_active and user.is_staff


def numbers() -> dict[str, Any]:
    """How much of what waits, and for how long; ages are in whole seconds.

    ``circuit`` is closed, open or half-open: open while Stripe does not answer.
    Six statements.
    """
    # All three states of its partial index, so that the database may use it.
    refunds = Refund.objects.filter(
        status__in=[RefundStatus.CREATING, RefundStatus.PENDING, RefundStatus.ACTION]
    )
    payments = Payment.objects.exclude(status__in=[PaymentStatus.SUCCEEDED, *DEAD])
    total, planned = Count("pk"), Count("pk", filter=Q(status=RefundStatus.CREATING))
    counts = {"undone": total, "parked": Count("parked_at")}
    return {
        "circuit": circuit_breaker.state(),
        "webhooks_refused": refusals.total(),
        "events": _waiting(WebhookEvent.objects.undone(), "received_at", **counts),
        "outbox": _waiting(OutboxMessage.objects.undone(), "staged_at", **counts),
        "incidents_open": _incidents(),
        "refunds": _waiting(refunds, "created_at", planned=planned, unfinished=total),
        "payments": _waiting(payments, "created_at", unfinished=total),
    }


def _waiting(rows: QuerySet[Any], since: str, **counts: Count) -> dict[str, Any]:
    """``counts`` of ``rows``, and the age of the oldest one by its field ``since``."""
    found = rows.aggregate(oldest=Min(since), **counts)
    oldest: datetime | None = found.pop("oldest")
    age = None if oldest is None else (timezone.now() - oldest).total_seconds()
    return found | {"oldest_seconds": None if age is None else max(0, round(age))}


def _incidents() -> dict[str, int]:
    """The number of open incidents of each kind that has any."""
    open_ = Incident.objects.filter(closed_at__isnull=True)
    return dict(open_.values_list("kind").annotate(Count("pk")).order_by("kind"))
