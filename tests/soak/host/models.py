from django.db import models
from django.utils import timezone


class Heard(models.Model):
    """One call of one receiver. No constraint hides that it was called twice."""

    receiver = models.CharField(max_length=32)
    subject = models.CharField(max_length=255)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.receiver} of {self.subject}"
