"""Django's own secret: given in production, made once for a developer."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def choose(given: str, file: Path, *, debug: bool) -> str:
    """Return ``given``, or while debugging the content of ``file``.

    The file is made (readable by its owner only) when there is none, so that
    sessions outlive a restart of the demo. Safe to call from several processes.
    Raises ``ImproperlyConfigured`` in production when nothing was given.
    """
    if given:
        return given
    if not debug:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Make one with "
            '`python -c "import secrets; print(secrets.token_urlsafe(50))"` and set '
            "it in the environment; or set DEBUG=on to try the shop."
        )
    if not file.exists():
        _make(file)
    return file.read_text().strip()


def _make(file: Path) -> None:
    # Written aside and then linked into place: a second process sees either no
    # file or a whole one, and the first to link wins.
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
