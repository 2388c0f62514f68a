from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HtmxCheckoutConfig(AppConfig):
    name = "htmx_checkout"
    verbose_name = _("Checkout")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Each registers itself.
        from . import checks, incidents, sources  # noqa: F401
