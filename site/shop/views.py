"""Shelf, bag and currency.

Every change is a POST that a plain form can send and that answers with 303;
asked by htmx, it answers with the part that changed. ``never_cache``: the
pages show the bag, and Back must not show the bag of a minute ago.
"""

from django.core.exceptions import BadRequest
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render, resolve_url
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event
from django_htmx.middleware import HtmxDetails

from htmx_checkout.exceptions import DraftRefused

from .bag import Bag
from .catalogue import BY_REFERENCE, CURRENCIES
from .source import draft


class HtmxRequest(HttpRequest):
    """A request that has passed django-htmx's middleware."""

    htmx: HtmxDetails


class SeeOther(HttpResponseRedirect):
    """303: whatever was posted, fetch the next page with GET (RFC 9110, 15.4.4)."""

    status_code = 303


@never_cache
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """All there is to buy."""
    bag = Bag(request.session)
    items = [shelf_item(bag, reference) for reference in BY_REFERENCE]
    context = {"bag": bag, "items": items, "currencies": CURRENCIES}
    return render(request, "shop/shelf.html", context)


@never_cache
@require_safe
def bag(request: HttpRequest) -> HttpResponse:
    """What was chosen, and the way to the checkout."""
    context = bag_context(request) | {"currencies": CURRENCIES}
    return render(request, "shop/bag.html", context)


@require_POST
def add(request: HtmxRequest, reference: str) -> HttpResponse:
    """Add one piece of a product to the bag."""
    known(reference)
    bag = Bag(request.session)
    bag.add(reference)
    if not request.htmx:
        return SeeOther(resolve_url("shop:bag"))
    context = {"bag": bag, "item": shelf_item(bag, reference)}
    return changed(render(request, "shop/_added.html", context))


@require_POST
def quantity(request: HtmxRequest, reference: str) -> HttpResponse:
    """Set the number of pieces of a product; 0 removes it from the bag."""
    known(reference)
    try:
        wanted = int(request.POST["quantity"])
    except (KeyError, ValueError):
        raise BadRequest("The quantity is not a whole number.") from None
    Bag(request.session).set(reference, wanted)
    if not request.htmx:
        return SeeOther(way_back(request, "shop:bag"))
    if "next" in request.POST:
        # Sent from the checkout page, which has nothing to swap: the event tells it
        # what has changed.
        return changed(HttpResponse(status=204))
    return changed(render(request, "shop/_changed.html", bag_context(request)))


@require_POST
def currency(request: HttpRequest) -> HttpResponse:
    """Price everything in another currency. Each price on the page changes, so
    htmx has nothing to save here: a plain form it is.
    """
    try:
        Bag(request.session).switch(request.POST["currency"])
    except KeyError:
        raise BadRequest("The shop does not take this currency.") from None
    return SeeOther(way_back(request, "shop:shelf"))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where a browser looks when a page names no icon; the checkout's name none."""
    return HttpResponsePermanentRedirect(static("shop/favicon.svg"))


def known(reference: str) -> None:
    """Raise 404 for a product that is not in the catalogue."""
    if reference not in BY_REFERENCE:
        raise Http404(f"No product {reference!r}.")


def shelf_item(bag: Bag, reference: str) -> dict[str, object]:
    """One product as the shelf shows it."""
    product = BY_REFERENCE[reference]
    return {
        "product": product,
        "amount": product.amounts[bag.currency],
        "quantity": bag.quantity(reference),
    }


def bag_context(request: HttpRequest) -> dict[str, object]:
    """The bag, and the reason if it cannot be paid.

    A total under Stripe's minimum is shown here, where something can be added, and not
    only on the checkout page.
    """
    refused = None
    if wanted := draft(request):
        try:
            wanted.check()
        except DraftRefused as error:
            refused = error.sentence
    return {"bag": Bag(request.session), "refused": refused}


def changed(response: HttpResponse) -> HttpResponse:
    """Send the event on which the checkout page updates its summary and button."""
    return trigger_client_event(response, "checkout:changed", {})


def way_back(request: HttpRequest, otherwise: str) -> str:
    """The URL in the form's ``next`` if it is on this site, or else ``otherwise``."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else resolve_url(otherwise)
