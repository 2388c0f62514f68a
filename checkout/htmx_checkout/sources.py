"""The built-in order source: a total that the host has put into the session."""

from typing import Any

from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .conf import conf
from .orders.draft import Draft, Line
from .signals import bag_taken

KEY = "order_total"


def session_total(request: HttpRequest) -> Draft | None:
    """One line of ``session["order_total"]`` (minor units) in ``CHECKOUT["CURRENCY"]``.

    Returns None when the session has no total. Raises ``AmountNotAnInteger`` for a
    float, a string or a Decimal: rounding is the host's decision.
    """
    if KEY not in request.session:
        return None
    line = Line(name=_("Your order"), amount=request.session[KEY])
    return Draft(currency=conf().currency, lines=(line,))


@receiver(bag_taken)
def forget_total(*, request: HttpRequest, **kwargs: Any) -> None:
    """Remove the total once it is paid, unless the host has a source of its own."""
    if conf().source is session_total:
        request.session.pop(KEY, None)
