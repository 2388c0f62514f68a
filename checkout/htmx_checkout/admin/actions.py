"""An act: a page that says what will happen, and a POST that lets it happen."""

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
from .readonly import FactsAdmin, named


class ActForm(forms.Form):
    """What has to be known before an act can be done; nothing, unless told."""

    def __init__(self, row: Any, data: Any = None) -> None:
        self.row = row
        super().__init__(data)


class Act:
    """Something that a person may do to one row.

    The words and the doing are its own; who may, the two steps and the trail are
    ``ActingAdmin``'s. Raises nothing but ``CheckoutError`` from ``do``.
    """

    # Stands in the URL.
    name = ""
    label: str | Promise = ""
    permission = "htmx_checkout.settle_order"
    form: type[ActForm] = ActForm
    # True where what was typed is said once more before it is done.
    is_asked_twice = False
    # True where the page of the order offers it too.
    is_for_orders = False

    def fits(self, row: Any) -> bool:
        """True while this can be done to ``row`` as it stands."""
        return True

    def is_repeat(self, row: Any, sent: Any) -> bool:
        """True if the form that was sent has been done already, and may be again."""
        return False

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        """What will happen, in plain words; ``given`` is empty before the form is."""
        return []

    def verb(self, row: Any, given: dict[str, Any]) -> str:
        """The words of the button that does it."""
        return str(self.label)

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        """Do it, and say what has happened."""
        raise NotImplementedError

    def failed(self, row: Any, given: dict[str, Any], error: CheckoutError) -> str:
        """What is known after ``do`` has failed, and what to do now."""
        return _("Stripe did not answer. Nothing is decided; try again in a moment.")

    def then(self, row: Any) -> Any:
        """The row whose page comes next."""
        return row


def page(row: Any, name: str = "change") -> str:
    """The URL of the page of ``row``, or of an act on it."""
    return reverse(f"admin:htmx_checkout_{row._meta.model_name}_{name}", args=[row.pk])


class ActingAdmin(FactsAdmin):
    """Facts to look at, with ``acts`` as buttons on the page of each row."""

    acts: tuple[Act, ...] = ()
    change_form_template = "admin/htmx_checkout/row.html"

    def get_urls(self):
        model = self.opts.model_name
        mine = [
            path(
                f"<path:object_id>/{act.name}/",
                self.outside(partial(self.act_view, act=act)),
                name=f"htmx_checkout_{model}_{act.name}",
            )
            for act in self.acts
        ]
        return mine + super().get_urls()

    def outside(self, view: Any) -> Any:
        """``view`` for staff, outside of a transaction for each request.

        Django's own pages of a row run in a transaction, where Stripe must not
        be asked (invariant I12); so do all views of a host with ATOMIC_REQUESTS.
        """
        guarded = self.admin_site.admin_view(
            require_http_methods(["GET", "HEAD", "POST"])(view)
        )
        return transaction.non_atomic_requests(guarded)

    def may(self, request: HttpRequest, act: Act) -> bool:
        """True if this person may see the row, and may do this."""
        allowed = request.user.has_perm(act.permission)
        return allowed and self.has_view_permission(request)

    def tools(self, request: HttpRequest, row: Any) -> list[tuple[str, Any]]:
        """URL and words of each button on the page of ``row``."""
        return [
            (page(row, act.name), act.label)
            for act in self.acts
            if self.may(request, act) and act.fits(row)
        ]

    def render_change_form(self, request, context, *args, **kwargs):
        row = kwargs.get("obj")
        if row is not None:
            context |= {"tools": self.tools(request, row), "subtitle": named(row)}
        return super().render_change_form(request, context, *args, **kwargs)

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        """Say what will happen (GET), and do it (POST)."""
        if not self.may(request, act):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        sent = request.POST if request.method == "POST" else None
        if not act.fits(row) and not (sent and act.is_repeat(row, sent)):
            text = _("This cannot be done any more: look at how it stands now.")
            self.message_user(request, text, messages.WARNING)
            return HttpResponseRedirect(page(act.then(row)))
        form = act.form(row, sent)
        if sent is None or not form.is_valid():
            return self._ask(request, act, row, form)
        if act.is_asked_twice and "sure" not in sent:
            return self._ask(request, act, row, form, is_second=True)
        self._do(request, act, row, form.cleaned_data)
        return HttpResponseRedirect(page(act.then(row)))

    def _do(
        self, request: HttpRequest, act: Act, row: Any, given: dict[str, Any]
    ) -> None:
        """Do it in this person's name, and leave the trail whatever comes of it."""
        username = request.user.get_username()
        try:
            with audit.by("staff", username):
                level, text = messages.SUCCESS, act.do(row, given, username)
        except CheckoutError as error:
            level, text = messages.WARNING, act.failed(row, given, error)
        self.log_change(request, row, f"{act.label}: {text}")
        self.message_user(request, text, level)

    def _ask(
        self,
        request: HttpRequest,
        act: Act,
        row: Any,
        form: ActForm,
        *,
        is_second: bool = False,
    ) -> HttpResponse:
        given = form.cleaned_data if is_second else {}
        needs_more = act.is_asked_twice and not is_second
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": act.label,
            "subtitle": named(row),
            "row": named(row),
            "back": page(act.then(row)),
            "page": page(row),
            "says": act.says(row, given),
            "form": form,
            "is_second": is_second,
            "verb": _("Continue") if needs_more else act.verb(row, given),
            "has_view_permission": True,
        }
        status = 422 if form.is_bound and not is_second else 200
        template = "admin/htmx_checkout/act.html"
        return TemplateResponse(request, template, context, status=status)


SILENT = gettext_lazy("Stripe did not answer.")
