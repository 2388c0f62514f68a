"""How often something has happened that leaves no row of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """A number under a name, for a person to look at."""

    name = models.CharField(max_length=32, unique=True)
    count = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.name}: {self.count}"
