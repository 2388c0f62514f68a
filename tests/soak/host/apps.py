from django.apps import AppConfig


class HostConfig(AppConfig):
    name = "tests.soak.host"
    label = "soak"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from . import receivers  # noqa: F401
