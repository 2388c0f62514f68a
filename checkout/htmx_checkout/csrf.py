"""Answers a request with a stale CSRF token, so that nothing that was typed is lost.

A page's token becomes stale when its shopper logs in in another tab, or when the
session ends. The answers below hold a fresh token. Only a page of this origin can
read them, so they tell an attacker nothing.
"""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER, get_token
from django.utils.translation import gettext as _

from .pages.forms import DetailsForm
from .pages.responses import Reply

# The beginnings of Django's reasons for a request that came from another site.
FOREIGN = tuple(
    reason.partition("%")[0] for reason in (REASON_BAD_ORIGIN, REASON_BAD_REFERER)
)


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's ``CSRF_FAILURE_VIEW``: always 403, with a way to go on.

    htmx on the checkout page gets its form back with a fresh token, and the form
    sends itself again, once. htmx elsewhere reloads its page. A plain form gets a
    page that keeps the e-mail address. A script gets JSON with the fresh token.
    """
    reply = Reply(request)
    if reply.is_json:
        text = _("The CSRF token is stale. Send X-CSRFToken again with this one.")
        return reply.error("csrf_stale", text, 403, csrfToken=get_token(request))
    is_ours = _is_ours(request, reason)
    email = request.POST.get("email", "") if is_ours else ""
    if not reply.is_htmx:
        return reply.render("htmx_checkout/layout/stale.html", {"email": email}, 403)
    if not is_ours:
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    name = "cookies" if "healed" in request.POST else "healed"
    return reply.step(name, {"email": email, "form": DetailsForm()}, status=403)


def _is_ours(request: HttpRequest, reason: str) -> bool:
    """True for a form of the checkout's that this site itself has sent.

    What another site has sent is not shown again: one click on it would complete
    that site's forgery.
    """
    match = request.resolver_match
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    is_foreign = site != "same-origin" or reason.startswith(FOREIGN)
    return match is not None and match.app_name == "htmx_checkout" and not is_foreign
