"""What the shopper types for us: one field. Stripe's Element asks for the rest."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DetailsForm(forms.Form):
    """The contact step. Spaces around the address are removed."""

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


def typed(request: HttpRequest) -> dict[str, Any]:
    """The data for ``DetailsForm``, from a form's fields or from a JSON object.

    Raises ``ValueError`` for JSON that is no object. Reads nothing but ``email``:
    amounts and ids in a body are what the sender wishes. (Django gives a JSON body
    as ``request.body``; a request has no ``data``, and its ``POST`` is empty then.)
    """
    if request.content_type != "application/json":
        return {"email": request.POST.get("email", "")}
    try:
        body = json.loads(request.body or b"{}")
    except RecursionError:
        raise ValueError("Nested too deeply.") from None
    if not isinstance(body, dict):
        raise ValueError("A JSON object is expected.")
    return {"email": str(body.get("email") or "")}
