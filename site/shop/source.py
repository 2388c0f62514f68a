"""``CHECKOUT["ORDER_SOURCE"]``: the bag becomes a draft of an order."""

from django.http import HttpRequest
from django.templatetags.static import static

from htmx_checkout import Draft, Line

from .bag import Bag


def draft(request: HttpRequest) -> Draft | None:
    """The request's bag as a draft; None when it is empty."""
    bag = Bag(request.session)
    if not bag.lines:
        return None
    lines = tuple(
        Line(
            name=str(line.product.name),
            note=str(line.product.note),
            amount=line.amount.amount,
            quantity=line.quantity,
            reference=line.product.reference,
            image=static(line.product.picture),
        )
        for line in bag.lines
    )
    email = getattr(request.user, "email", "")
    return Draft(currency=bag.currency, lines=lines, email=email)
