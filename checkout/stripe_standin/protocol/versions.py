"""API versions: which one a request asks for, and what that one retired.

Source: https://docs.stripe.com/changelog. A version is a date and, since
2024-09-30, the name of a release train: ``2026-10-28.endive``.
"""

import datetime
import re
from dataclasses import dataclass

from . import errors

LATEST = "2026-10-28.endive"
TRAINS = ("acacia", "basil", "clover", "dahlia", "endive", "preview")
FIRST_DAY = datetime.date(2011, 1, 1)

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
    if not known(name):
        raise errors.invalid(f"Invalid Stripe API version: {name}")
    return Version(name, given=True)


def known(name: str) -> bool:
    """Whether the day exists, and the train if one is named.

    Days to come are taken with any train: the next library may be tried here
    before the stand-in has learnt its version.
    """
    match = SHAPE.match(name)
    if match is None:
        return False
    try:
        day = datetime.date.fromisoformat(match[1])
    except ValueError:
        return False
    if day < FIRST_DAY:
        return False
    return match[2] is None or match[2] in TRAINS or name > LATEST
