"""Reads environment variables: refuses nonsense, and takes empty as not set."""

import environ
from django.core.exceptions import ImproperlyConfigured

ON = ("on", "true", "yes", "1")
OFF = ("off", "false", "no", "0")


class Variables(environ.Env):
    """django-environ, but for three readers that let mistakes through.

    ``Env.bool`` takes any unknown word for false, which would turn HTTPS off by
    a typo; ``Env.int`` raises without naming the variable; ``Env.list`` keeps
    the space after a comma.
    """

    def switch(self, name: str, *, default: bool) -> bool:
        """Return whether ``name`` is on; raises ``ImproperlyConfigured``."""
        word = self.str(name, default="").strip().lower()
        if word not in (*ON, *OFF, ""):
            raise ImproperlyConfigured(f"{name} must be on or off, not {word!r}.")
        return word in ON if word else default

    def number(self, name: str, *, default: int) -> int:
        """Return ``name`` as a whole number; raises ``ImproperlyConfigured``."""
        word = self.str(name, default="").strip()
        if word and not word.isdecimal():
            raise ImproperlyConfigured(f"{name} must be a whole number, not {word!r}.")
        return int(word) if word else default

    def words(self, name: str) -> list[str]:
        """Return what stands between the commas of ``name``, trimmed."""
        parts = self.str(name, default="").split(",")
        return [part.strip() for part in parts if part.strip()]
