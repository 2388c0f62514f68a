"""Staff capture held money: all of it, or a part."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exceptions import CaptureRefused, CheckoutError
from ..models.statuses import PaymentStatus
from ..money import Money
from ..payments import capture
from .actions import SILENT
from .forms import AmountAction, AmountForm


class CaptureForm(AmountForm):
    def most(self) -> int:
        return int(self.row.amount_capturable)


class CaptureAction(AmountAction):
    name = "capture"
    label = gettext_lazy("Capture")
    permission = "htmx_checkout.capture_order"
    form = CaptureForm
    button = gettext_lazy("Take %(amount)s")

    def fits(self, row: Any) -> bool:
        is_held = row.status == PaymentStatus.AUTHORISED
        return bool(is_held and row.amount_capturable > 0)

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        facts = {"held": Money(row.amount_capturable, row.currency), "order": row.order}
        if not given:
            return [_("%(held)s is held for order %(order)s.") % facts]
        facts["amount"] = Money(given["amount"], row.currency)
        said = [_("%(amount)s of the %(held)s that is held is taken now.") % facts]
        if given["amount"] < row.amount_capturable:
            said.append(_("The rest is released, and cannot be taken later."))
        if given["amount"] != row.order.amount:
            facts["total"] = row.order.total
            text = _(
                "Order %(order)s costs %(total)s, so that this does not make it "
                "paid: an incident is opened that somebody has to look at."
            )
            said.append(text % facts)
        return said

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        order = capture.capture(row, given["amount"])
        row.refresh_from_db()
        facts = {"amount": row.received, "order": order}
        if row.status != PaymentStatus.SUCCEEDED:
            status = {"status": row.get_status_display()}
            return _("Nothing was taken: the payment is %(status)s.") % status
        if order.is_paid:
            return _("%(amount)s was taken: order %(order)s is paid.") % facts
        return _("%(amount)s was taken. Order %(order)s is not paid by it.") % facts

    def failed(self, row: Any, given: dict[str, Any], error: CheckoutError) -> str:
        if isinstance(error, CaptureRefused):
            return _("Nothing was taken. %(why)s") % {"why": error}
        more = _(
            "Whether the money was taken is not known. Ask Stripe again before you "
            "do anything else; to repeat the same amount is safe."
        )
        return f"{SILENT} {more}"
