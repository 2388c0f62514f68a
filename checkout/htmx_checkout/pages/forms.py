"""What the shopper types: one field, since the rest is Stripe's."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DetailsForm(forms.Form):
    """The contact step. Spaces around the address are forgiven."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={
            "required": _("Enter the e-mail address for your receipt."),
            "invalid": _("Enter an e-mail address like name@example.com."),
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "inputmode": "email", "id": "email"}
        ),
    )


def wants_json(request: HttpRequest) -> bool:
    """True for the classic way: a script that asks for JSON, or sends it."""
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return request.content_type == "application/json" or (
        preferred == "application/json"
    )


def typed(request: HttpRequest) -> dict[str, Any]:
    """What was sent, from a form or from a JSON object.

    A JSON body stands in ``request.body``; a request has no ``data``, and its
    ``POST`` is empty then. Raises ``ValueError`` for JSON that is no object.
    Only ``email`` is ever used: amounts and ids in it are the sender's wishes.
    """
    if request.content_type != "application/json":
        return {"email": request.POST.get("email", "")}
    try:
        held = json.loads(request.body or b"{}")
    except RecursionError:
        raise ValueError("Nested too deeply.") from None
    if not isinstance(held, dict):
        raise ValueError("A JSON object is expected.")
    return {"email": str(held.get("email") or "")}
