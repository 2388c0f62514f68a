"""Actions of staff on one row: a page that says what will happen, then a POST."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from .. import audit
from ..exceptions import CheckoutError
from .readonly import ReadOnlyAdmin, named


class ActionForm(forms.Form):
    """What a person fills in before an action. This base class asks for nothing."""

    def __init__(self, row: Any, data: Any = None) -> None:
        self.row = row
        super().__init__(data)


class Action:
    """One action of staff on one row.

    A subclass has the texts and ``do``, which raises ``CheckoutError`` only.
    ``ActionsAdmin`` checks the permission, shows the page, and logs what was done.
    """

    # Part of the URL.
    name = ""
    label: str | Promise = ""
    # The text of the button that does it; the label if this is empty.
    button: str | Promise = ""
    permission = "htmx_checkout.operate_order"
    form: type[ActionForm] = ActionForm
    # True where a second page repeats what was typed and asks for a confirmation.
    is_asked_twice = False
    # True for an action on a payment which the order's page offers too.
    is_for_orders = False

    def fits(self, row: Any) -> bool:
        """True while the state of ``row`` allows this."""
        return True

    def is_repeat(self, row: Any, sent: Any) -> bool:
        """True if this very form was sent before, and can be sent again safely."""
        return False

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        """Sentences that say what will happen. ``given`` is empty before the form."""
        return []

    def verb(self, row: Any, given: dict[str, Any]) -> str:
        """The text of the button that does it."""
        return str(self.button or self.label)

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        """Do it as ``username``; returns a sentence that says what has happened."""
        raise NotImplementedError

    def failed(self, row: Any, given: dict[str, Any], error: CheckoutError) -> str:
        """A sentence for after ``error``: what is known, and what to do now."""
        return _("Stripe did not answer. Nothing is decided; try again in a moment.")

    def then(self, row: Any) -> Any:
        """The row whose page is shown next."""
        return row.order if self.is_for_orders else row


def page(row: Any, name: str = "change") -> str:
    """The URL of the page of ``row``, or of an action on it."""
    return reverse(f"admin:htmx_checkout_{row._meta.model_name}_{name}", args=[row.pk])


class ActionsAdmin(ReadOnlyAdmin):
    """A read-only admin, with ``row_actions`` as buttons on each row's page."""

    row_actions: tuple[Action, ...] = ()
    change_form_template = "admin/htmx_checkout/row.html"

    def get_urls(self):
        model = self.opts.model_name
        mine = [
            path(
                f"<path:object_id>/{action.name}/",
                self.outside(partial(self.action_view, action=action)),
                name=f"htmx_checkout_{model}_{action.name}",
            )
            for action in self.row_actions
        ]
        return mine + super().get_urls()

    def outside(self, view: Any) -> Any:
        """``view`` for staff only, and outside of any transaction.

        Django's own page of a row runs in a transaction, and so does each view of a
        host with ATOMIC_REQUESTS. Stripe must not be called there (invariant I12).
        """
        guarded = self.admin_site.admin_view(
            require_http_methods(["GET", "HEAD", "POST"])(view)
        )
        return transaction.non_atomic_requests(guarded)

    def show(
        self,
        request: HttpRequest,
        name: str,
        context: dict[str, Any],
        status: int = 200,
    ) -> HttpResponse:
        """The template ``name`` as a page of the admin."""
        common = self.admin_site.each_context(request)
        common |= {"opts": self.opts, "has_view_permission": True}
        template = f"admin/htmx_checkout/{name}.html"
        return TemplateResponse(request, template, common | context, status=status)

    def may(self, request: HttpRequest, action: Action) -> bool:
        """True if the person may see the row and has the permission of ``action``."""
        allowed = request.user.has_perm(action.permission)
        return allowed and self.has_view_permission(request)

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, Any]]:
        """URL and text of each button on the page of ``row``."""
        fitting = self.fitting(request, row)
        return [(page(row, action.name), action.label) for action in fitting]

    def fitting(self, request: HttpRequest, row: Any) -> list[Action]:
        """The actions that this person may do to ``row`` as it is now."""
        mine = [action for action in self.row_actions if self.may(request, action)]
        return [action for action in mine if action.fits(row)]

    def render_change_form(self, request, context, *args, **kwargs):
        row = kwargs.get("obj")
        if row is not None:
            context |= {"tools": self.tools(request, row), "subtitle": named(row)}
        return super().render_change_form(request, context, *args, **kwargs)

    def action_view(
        self, request: HttpRequest, object_id: str, action: Action
    ) -> HttpResponse:
        """GET says what will happen; POST does it."""
        if not self.may(request, action):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        sent = request.POST if request.method == "POST" else None
        if not action.fits(row) and not (sent and action.is_repeat(row, sent)):
            text = _("This cannot be done any more: look at how it stands now.")
            self.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(page(action.then(row)))
        form = action.form(row, sent)
        if sent is None or not form.is_valid():
            return self._ask(request, action, row, form)
        if action.is_asked_twice and "sure" not in sent:
            return self._ask(request, action, row, form, is_second=True)
        self._do(request, action, row, form.cleaned_data)
        return HttpResponseRedirect(page(action.then(row)))

    def _do(
        self, request: HttpRequest, action: Action, row: Any, given: dict[str, Any]
    ) -> None:
        """Do it in the person's name; log and show the outcome, also after an error."""
        username = request.user.get_username()
        try:
            with audit.by("staff", username):
                level, text = messages.SUCCESS, action.do(row, given, username)
        except CheckoutError as error:
            level, text = messages.WARNING, action.failed(row, given, error)
        self.log_change(request, row, f"{action.label}: {text}")
        self.message_user(request, text, level)

    def _ask(
        self,
        request: HttpRequest,
        action: Action,
        row: Any,
        form: ActionForm,
        *,
        is_second: bool = False,
    ) -> HttpResponse:
        given = form.cleaned_data if is_second else {}
        needs_more = action.is_asked_twice and not is_second
        context = {
            "title": action.label,
            "subtitle": named(row),
            "row": named(row),
            "back": page(action.then(row)),
            "page": page(row),
            "says": action.says(row, given),
            "form": form,
            "is_second": is_second,
            "verb": _("Continue") if needs_more else action.verb(row, given),
        }
        status = 422 if form.is_bound and not is_second else 200
        return self.show(request, "action", context, status)


SILENT = gettext_lazy("Stripe did not answer.")
