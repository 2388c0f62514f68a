"""API versions: which one a request asks for, and what that one retired.

Source: https://docs.stripe.com/changelog. A version is a date and, since
2024-09-30, the name of a release train: ``2026-10-28.endive``.
"""

import re
from dataclasses import dataclass

from standin import errors

LATEST = "2026-10-28.endive"
TRAINS = ("acacia", "basil", "clover", "dahlia", "endive")

SHAPE = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:\.([a-z]+))?$")


@dataclass(frozen=True, slots=True)
class Version:
    """``name`` as in the header; ``given`` is False for the account's default."""

    name: str = LATEST
    given: bool = False

    @property
    def date(self) -> str:
        return self.name[:10]

    def before(self, date: str) -> bool:
        return self.date < date

    def retired(self, since: str) -> bool:
        """Whether something retired on ``since`` is refused.

        Only a version that was named can refuse: a client without the header
        may be of any age, and old quickstarts send none.
        """
        return self.given and self.date >= since


def read(header: str, default: str = LATEST) -> Version:
    """The version that ``Stripe-Version`` names, else ``default``.

    Raises ``ApiError`` (400) for a name that is no version. A beta suffix
    (``; feature=v1``) is taken off.
    """
    name = header.split(";", maxsplit=1)[0].strip()
    if not name:
        return Version(default)
    if not SHAPE.match(name):
        raise errors.invalid(f"Invalid Stripe API version: {name}")
    return Version(name, given=True)
