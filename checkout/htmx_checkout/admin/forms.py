"""Actions with an amount: typed in major units, cleaned to minor units."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from ..exceptions import AmountNotRepresentable
from ..money import STEPS, Money, exponent
from .actions import Action, ActionForm


class AmountAction(Action):
    """Moves an amount of a payment's money, after a second page that repeats it."""

    is_asked_twice = True
    is_for_orders = True

    def verb(self, row: Any, given: dict[str, Any]) -> str:
        amount = Money(given["amount"], row.currency)
        return super().verb(row, given) % {"amount": amount}


class AmountForm(ActionForm):
    """Asks for an amount up to ``most()``; it is cleaned to minor units."""

    def __init__(self, row: Any, data: Any = None) -> None:
        super().__init__(row, data)
        most = Money(self.most(), row.currency)
        places = exponent(row.currency)
        step = Decimal(1).scaleb(-places)
        self.fields["amount"] = forms.DecimalField(
            label=_("Amount in %(currency)s") % {"currency": row.currency.upper()},
            initial=f"{most.decimal:f}",
            decimal_places=places,
            max_digits=12,
            widget=forms.NumberInput(attrs={"step": f"{step:f}", "min": f"{step:f}"}),
        )
        self.order_fields(["amount"])

    def most(self) -> int:
        """The largest amount that is allowed, in minor units."""
        raise NotImplementedError

    def refuse_above(self, amount: int, most: int) -> None:
        """Raise ``ValidationError`` unless ``amount`` (minor units) is allowed."""
        if not 0 < amount <= most:
            shown = {"most": Money(most, self.row.currency)}
            raise forms.ValidationError(_("At most %(most)s, and not zero.") % shown)
        # The whole rest is allowed, even where it is no multiple of the step.
        if amount % STEPS.get(self.row.currency, 1) and amount != most:
            raise forms.ValidationError(_("This currency has no coin that small."))

    def clean_amount(self) -> int:
        typed: Decimal = self.cleaned_data["amount"]
        try:
            amount = Money.from_decimal(typed, self.row.currency).amount
        except AmountNotRepresentable:
            text = _("This currency has no coin that small.")
            raise forms.ValidationError(text) from None
        self.refuse_above(amount, self.most())
        return amount
