"""A stale CSRF token heals: nothing that was typed is lost.

A log-in in another tab, or a session that ended, makes a page's token stale.
Only a page of this origin can read the answers below, so a fresh token in them
tells an attacker nothing.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext as _

from . import answers
from .forms import DetailsForm, wants_json


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
    email = request.POST.get("email", "")
    if not answers.is_htmx(request):
        return render(request, "checkout/stale.html", {"email": email}, status=403)
    match = request.resolver_match
    if match is None or match.namespace != "checkout":
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    name = "cookies" if "healed" in request.POST else "healed"
    context = {"email": email, "form": DetailsForm()}
    return answers.replacing(answers.step(request, name, context, status=403))
