"""The checkout's state in numbers, for the host's monitoring."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Min, Q
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
    return {
        "circuit": circuit_breaker.state(),
        "webhooks_refused": refusals.total(),
        "events": _events(),
        "outbox": _outbox(),
        "incidents_open": _incidents(),
        "refunds": _refunds(),
        "payments": _payments(),
    }


def _events() -> dict[str, Any]:
    found = WebhookEvent.objects.undone().aggregate(
        undone=Count("pk"), parked=Count("parked_at"), oldest=Min("received_at")
    )
    return _with_age(found)


def _outbox() -> dict[str, Any]:
    found = OutboxMessage.objects.undone().aggregate(
        undone=Count("pk"), parked=Count("parked_at"), oldest=Min("staged_at")
    )
    return _with_age(found)


def _incidents() -> dict[str, int]:
    """How many are open of each kind that there is one of."""
    open_ = Incident.objects.filter(closed_at__isnull=True)
    return dict(open_.values_list("kind").annotate(Count("pk")).order_by("kind"))


def _refunds() -> dict[str, Any]:
    # All three states of the partial index, so that the database may use it.
    unfinished = Refund.objects.filter(
        status__in=[RefundStatus.CREATING, RefundStatus.PENDING, RefundStatus.ACTION]
    )
    planned = Q(status=RefundStatus.CREATING)
    found = unfinished.aggregate(
        planned=Count("pk", filter=planned),
        unfinished=Count("pk"),
        oldest=Min("created_at"),
    )
    return _with_age(found)


def _payments() -> dict[str, Any]:
    done = [PaymentStatus.SUCCEEDED, *DEAD]
    found = Payment.objects.exclude(status__in=done).aggregate(
        unfinished=Count("pk"), oldest=Min("created_at")
    )
    return _with_age(found)


def _with_age(found: dict[str, Any]) -> dict[str, Any]:
    oldest: datetime | None = found.pop("oldest")
    age = None if oldest is None else (timezone.now() - oldest).total_seconds()
    return found | {"oldest_seconds": None if age is None else max(0, round(age))}
