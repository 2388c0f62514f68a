"""What ``pip install -e .`` does besides.

Templates and styles stand at the top of the repository. In a wheel they are copied to
where Django looks for an app's; an editable install links them there, so that an edit
is seen at once.
"""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LINKED = ("templates/htmx_checkout", "templates/admin/htmx_checkout")
LINKED += ("static/htmx_checkout",)
NO_LINKS = """\
This system lets you make no symbolic links (Windows asks for its developer mode). \
Without them add the clone's templates/ to DIRS of TEMPLATES, and its static/ to \
STATICFILES_DIRS.\
"""


class LinkTemplates(BuildHookInterface):
    """Runs with each build of the wheel, and acts for an editable one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            return
        root = Path(self.root)
        try:
            for folder in LINKED:
                _link(root / "checkout/htmx_checkout" / folder, root / folder)
        except OSError as error:
            self.app.display_warning(f"{NO_LINKS} ({error})")


def _link(place: Path, folder: Path) -> None:
    """Let ``place`` lead to ``folder``. Safe to repeat, also in a clone that moved."""
    place.parent.mkdir(parents=True, exist_ok=True)
    # Told apart from nothing, since a link may lead nowhere.
    if place.is_symlink():
        place.unlink()
    place.symlink_to(os.path.relpath(folder, place.parent), target_is_directory=True)
