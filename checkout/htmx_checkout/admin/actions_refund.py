"""Staff refund a payment. Sending the same form twice refunds once."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..exceptions import CheckoutError
from ..models import Payment, Refund, new_reference
from ..models.statuses import RefundStatus
from ..money import Money
from ..payments import refund
from ..refunds import plan
from .actions import Action
from .forms import AmountAction, AmountForm

# Stripe's values (https://docs.stripe.com/api/refunds/create).
REASONS = [
    ("requested_by_customer", gettext_lazy("the shopper asked for it")),
    ("duplicate", gettext_lazy("it was paid twice")),
    ("fraudulent", gettext_lazy("it was fraud")),
    ("", gettext_lazy("another reason")),
]


class RefundForm(AmountForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=REASONS,
        initial="requested_by_customer",
        required=False,
        help_text=gettext_lazy("After “fraud” Stripe takes no money of this card."),
    )
    # The refund's number is fixed when the form is shown, so that a form which is
    # sent twice makes one refund.
    number = forms.RegexField(
        r"^[0-9A-Z]{5}-[0-9A-Z]{5}$", widget=forms.HiddenInput, initial=new_reference
    )

    def most(self) -> int:
        return plan.refundable(self.row)

    def refuse_above(self, amount: int, most: int) -> None:
        if made_by(self.row, self.data.get("number", "")) is None:
            super().refuse_above(amount, most)


def made_by(payment: Payment, number: str) -> Refund | None:
    """The refund that an earlier sending of the form has made; or None."""
    return payment.refunds.filter(number=number).first() if number else None


class RefundAction(AmountAction):
    name = "refund"
    label = gettext_lazy("Refund")
    permission = "htmx_checkout.refund_order"
    form = RefundForm
    button = gettext_lazy("Pay %(amount)s back")

    def fits(self, row: Any) -> bool:
        return plan.refundable(row) > 0

    def is_repeat(self, row: Any, sent: Any) -> bool:
        return made_by(row, sent.get("number", "")) is not None

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        left = plan.refundable(row)
        facts = {"order": row.order, "payment": row.stripe_id, "came": row.received}
        facts["left"] = Money(left, row.currency)
        if not given:
            return [
                _("%(came)s came for order %(order)s by %(payment)s.") % facts,
                _("%(left)s of it can be paid back.") % facts,
            ]
        facts["amount"] = Money(given["amount"], row.currency)
        facts["left"] = Money(max(0, left - given["amount"]), row.currency)
        return [
            _(
                "%(amount)s goes back to the shopper of order %(order)s, by the way "
                "it came (%(payment)s). Stripe is asked at once, and nobody can take "
                "it back."
            )
            % facts,
            _("After that, %(left)s is left that could be paid back.") % facts,
        ]

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        made = refund.refund(
            row,
            given["amount"],
            reason=given["reason"],
            wanted_by=username[:150],
            number=given["number"],
        )
        return outcome(made)

    def failed(self, row: Any, given: dict[str, Any], error: CheckoutError) -> str:
        made = made_by(row, given["number"])
        if made is None or made.status == RefundStatus.FAILED:
            return _("Nothing was paid back. %(why)s") % {"why": error}
        return outcome(made)


def outcome(row: Refund) -> str:
    """A sentence on how a refund stands, for the person who asked for it."""
    facts = {"amount": row.total, "name": row}
    if row.status == RefundStatus.CREATING:
        text = _(
            "Stripe did not answer: the refund of %(amount)s (%(name)s) is planned and "
            "will be repeated with the same key. Do not refund again."
        )
        return text % facts
    if row.status == RefundStatus.SUCCEEDED:
        return _("%(amount)s is paid back (%(name)s).") % facts
    if row.status in (RefundStatus.FAILED, RefundStatus.CANCELLED):
        return _("%(amount)s was not paid back (%(name)s): it came back.") % facts
    return _("%(amount)s is on its way back (%(name)s).") % facts


class RepeatAction(Action):
    name = "repeat"
    label = gettext_lazy("Try again")
    permission = "htmx_checkout.refund_order"

    def fits(self, row: Any) -> bool:
        return bool(row.status == RefundStatus.CREATING)

    def says(self, row: Any, given: dict[str, Any]) -> list[str]:
        text = _(
            "Stripe is asked once more for this refund of %(amount)s, by the same "
            "key: if it has been made already, it is not made twice."
        )
        return [text % {"amount": row.total}]

    def do(self, row: Any, given: dict[str, Any], username: str) -> str:
        return outcome(refund.send(row.pk))

    def failed(self, row: Any, given: dict[str, Any], error: CheckoutError) -> str:
        row.refresh_from_db()
        if row.status == RefundStatus.FAILED:
            return _("Nothing was paid back. %(why)s") % {"why": error}
        return outcome(row)
