"""Constraints and comparisons that several tables share."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

# Stripe may forget a key 24 hours after it first saw it
# (https://docs.stripe.com/api/idempotent_requests); one hour less, to be safe.
KEY_LIFE = timedelta(hours=23)


def one_of(name: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """A check that ``status`` holds one of ``choices``."""
    return models.CheckConstraint(condition=Q(status__in=choices.values), name=name)


def positive(name: str) -> models.CheckConstraint:
    """A check that ``amount`` is above zero."""
    return models.CheckConstraint(condition=Q(amount__gt=0), name=name)


def is_fresh(key_stored_at: datetime) -> bool:
    """True while Stripe surely remembers an idempotency key that was stored then."""
    return timezone.now() - key_stored_at < KEY_LIFE


def is_newer(stored: datetime | None, asked_at: datetime) -> bool:
    """True if what is stored was asked for after ``asked_at``.

    A stored time in the future is ignored: the clock has been set back since.
    """
    return stored is not None and asked_at < stored <= timezone.now()
