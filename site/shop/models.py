"""What is left to do once the money is there."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Parcel(models.Model):
    """One paid order, to be packed by hand.

    A copy of what the packer needs, so that packing never depends on the rows
    of the checkout. The unique reference makes fulfilment safe to repeat.
    """

    reference = models.CharField(_("order"), max_length=32, unique=True)
    email = models.EmailField(_("e-mail"), blank=True)
    contents = models.JSONField(_("contents"), default=list)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    packed_at = models.DateTimeField(_("packed"), null=True, blank=True)

    class Meta:
        ordering = ["packed_at", "made_at"]
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")

    def __str__(self):
        return self.reference

    @property
    def slip(self):
        """The contents in one line."""
        return ", ".join(f"{line['quantity']} {line['name']}" for line in self.contents)
