"""A stale CSRF token heals: nothing that was typed is lost.

A log-in in another tab, or a session that ended, makes a page's token stale.
Only a page of this origin can read the answers below, so a fresh token in them
tells an attacker nothing.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import (
    REASON_BAD_ORIGIN,
    REASON_BAD_REFERER,
    get_token,
)
from django.shortcuts import render
from django.utils.translation import gettext as _

from .pages import responses
from .pages.forms import DetailsForm, wants_json

# How Django begins to say that a request came from elsewhere.
FOREIGN = tuple(
    reason.partition("%")[0] for reason in (REASON_BAD_ORIGIN, REASON_BAD_REFERER)
)


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's ``CSRF_FAILURE_VIEW``: 403 in each case, and a way on.

    A partial of the till comes back with a fresh token and sends itself again,
    once. htmx elsewhere reloads its page. A plain form gets a page that keeps
    the e-mail address; a script gets JSON with the fresh token.
    """
    if wants_json(request):
        message = _("The CSRF token is stale. Send X-CSRFToken again with this one.")
        error = {"code": "csrf_stale", "message": message}
        error["csrfToken"] = get_token(request)
        return JsonResponse({"error": error}, status=403)
    is_ours = _is_ours(request, reason)
    email = request.POST.get("email", "") if is_ours else ""
    if not responses.is_htmx(request):
        return render(
            request, "htmx_checkout/layout/stale.html", {"email": email}, status=403
        )
    if not is_ours:
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    name = "cookies" if "healed" in request.POST else "healed"
    context = {"email": email, "form": DetailsForm()}
    return responses.replacing(responses.step(request, name, context, status=403))


def _is_ours(request: HttpRequest, reason: str) -> bool:
    """True for a form of the till that this site itself has sent.

    What another site sent is not given back, lest one click finish its work.
    """
    match = request.resolver_match
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    is_foreign = site != "same-origin" or reason.startswith(FOREIGN)
    return match is not None and match.app_name == "htmx_checkout" and not is_foreign
